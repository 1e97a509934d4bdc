/** @module Recorded consoles of the lab as /dev/kmsg would give them: level, number, microseconds. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const LOGS = join(import.meta.dirname, '../../lab/scenarios/logs')
const STAMP = /^<(\d)>\[\s*(\d+)\.(\d{6})\]\s?/

/**
 * @param from number of the first record
 * @param untilSec uptime of the last; as recorded where it is not given
 */
export function kernelLogOf(name: string, from: number, untilSec?: number): string {
  const records = readFileSync(join(LOGS, name), 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [stamp, level, sec, micros] = STAMP.exec(line) ?? []
      if (stamp === undefined) return []
      return [{ level, micros: Number(`${sec}${micros}`), text: line.slice(stamp.length) }]
    })
  const lastMicros = records.at(-1)?.micros ?? 0
  const shift = untilSec === undefined ? 0 : Math.round(untilSec * 1e6) - lastMicros
  return records
    .map(({ level, micros, text }, i) => `${level},${from + i},${micros + shift},-;${text}\n`)
    .join('')
}
