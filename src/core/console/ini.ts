/** @module Settings of systemd's programs: a main file and its drop-ins, of which the last one counts. */
import type { Reading } from './reading.ts'
import { filesLike } from './reading.ts'

export interface IniValue {
  readonly value: string
  /** The file that it is from. */
  readonly path: string
}

/**
 * @param name `journald`, `system`, `oomd`
 * @returns `null` where no file sets it, and the program's default holds
 */
export function iniValue(
  reading: Pick<Reading, 'files'>,
  name: string,
  key: string,
): IniValue | null {
  const main = filesLike(reading, new RegExp(`^/etc/systemd/${name}\\.conf$`))
  // Drop-ins are taken by their names, whatever directory they are in (systemd.syntax(7)).
  const dropIns = filesLike(reading, new RegExp(`/systemd/${name}\\.conf\\.d/[^/]+\\.conf$`))
  const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
  const byName = [...dropIns].sort(([a], [b]) => (baseName(a) < baseName(b) ? -1 : 1))
  const line = new RegExp(`^\\s*${key}\\s*=\\s*(.*?)\\s*$`, 'gm')
  const found = [...main, ...byName].flatMap(([path, text]) =>
    [...text.matchAll(line)].map(([, value = '']) => ({ path, value })),
  )
  return found.at(-1) ?? null
}

const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  s: 1,
  sec: 1,
  second: 1,
  seconds: 1,
  ms: 0.001,
  msec: 0.001,
  m: 60,
  min: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hr: 3600,
  hour: 3600,
  hours: 3600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
}

/** `5m`, `1min 30s`, `30` (systemd.time(7)); `null` where it is no time. */
export function parseSpanSec(text: string): number | null {
  if (text.trim() === '') return null
  let sum = 0
  const rest = text.replace(/(\d+(?:\.\d+)?)\s*([a-z]*)/g, (_, number: string, unit: string) => {
    sum += Number(number) * (UNITS[unit] ?? Number.NaN)
    return ''
  })
  return rest.trim() === '' && Number.isFinite(sum) ? sum : null
}

/** `yes`, `true`, `on`, `1`. */
export function isYes(text: string): boolean {
  return /^(yes|y|true|t|on|1)$/i.test(text)
}
