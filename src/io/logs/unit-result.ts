/** @module How systemd says that a unit ended: `systemctl show`. */
import { spawnSync } from 'node:child_process'

export interface UnitResult {
  /** `success`, `oom-kill`, `signal`, `exit-code`, `watchdog`, `timeout`... (systemd.exec(5), $SERVICE_RESULT) */
  readonly result: string
  readonly exitCode: string
  /** Of its main process: exit code, or number of the signal. */
  readonly exitStatus: string
  readonly controlGroup: string | null
}

const PROPERTIES = ['LoadState', 'Result', 'ExecMainCode', 'ExecMainStatus', 'ControlGroup']
const TIMEOUT_MS = 5000

/** `undefined` where systemd is not there or does not know the unit. */
export function readUnitResult(unit: string): UnitResult | undefined {
  const { stdout, status } = spawnSync(
    'systemctl',
    ['show', `--property=${PROPERTIES.join(',')}`, '--', unit],
    { encoding: 'utf8', timeout: TIMEOUT_MS, stdio: ['ignore', 'pipe', 'ignore'] },
  )
  if (status !== 0) return undefined
  const fields = new Map(
    stdout.split('\n').map((line): [string, string] => {
      const at = line.indexOf('=')
      return [line.slice(0, at), line.slice(at + 1)]
    }),
  )
  if (fields.get('LoadState') !== 'loaded') return undefined
  return {
    result: fields.get('Result') ?? '',
    exitCode: fields.get('ExecMainCode') ?? '',
    exitStatus: fields.get('ExecMainStatus') ?? '',
    controlGroup: fields.get('ControlGroup') || null,
  }
}
