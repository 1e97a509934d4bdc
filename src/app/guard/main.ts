/**
 * @module The guard process: samples, detects, remembers, tells. A lean loop with an import budget;
 * it never forks. `node guard.cjs --settings FILE` with a JSON of GuardSettings.
 */
import { readFileSync } from 'node:fs'
import { ERRORS, EXIT, messageOf, PlimsollError } from '../../base/errors.ts'
import { clearTraces } from '../../io/guard/clear-traces.ts'
import type { GuardSettings } from '../../io/guard/settings.ts'
import { GUARD_DEFAULTS } from '../../io/guard/settings.ts'
import { startGuard } from './guard.ts'

function readSettings(argv: readonly string[]): GuardSettings {
  const [flag, path] = argv
  if (flag !== '--settings' || path === undefined) {
    throw new PlimsollError('PLM_USAGE', 'the guard is started as `guard --settings FILE`')
  }
  const given: unknown = JSON.parse(readFileSync(path, 'utf8'))
  if (typeof given !== 'object' || given === null || !('socketPath' in given)) {
    throw new PlimsollError('PLM_CONFIG', `${path} does not hold the guard's settings`)
  }
  // Written by the command line from a configuration that it has checked.
  return { ...GUARD_DEFAULTS, ...(given as GuardSettings) }
}

async function main(): Promise<void> {
  const settings = readSettings(process.argv.slice(2))
  const guard = await startGuard(settings)
  let isStopping = false
  const stop = (): void => {
    if (isStopping) return
    isStopping = true
    // While this one still listens, no new agent writes files of its own.
    void clearTraces(settings.agent)
      .then(() => guard.stop())
      .then(() => process.exit(0))
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}

main().catch((error: unknown) => {
  const isExpected = error instanceof PlimsollError
  const line = {
    code: isExpected ? error.code : 'PLM_INTERNAL',
    message: messageOf(error),
    hint: isExpected ? error.hint : undefined,
  }
  process.stderr.write(`<3>${JSON.stringify(line)}\n`)
  process.exitCode = isExpected ? ERRORS[error.code].exit : EXIT.internal
})
