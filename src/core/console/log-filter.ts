/**
 * @module Which levels of the kernel's lines journald and rsyslog keep, by their configuration: journald.conf(5),
 * rsyslog.conf(5). Raising default_message_loglevel makes lines that have no level of their own debug lines.
 */
import type { IniValue } from './ini.ts'
import { iniValue, isYes } from './ini.ts'
import type { Reading } from './reading.ts'
import { filesLike } from './reading.ts'

type Files = Pick<Reading, 'files'>

/** One bit for each level of syslog(3) that is kept. */
export type LevelMask = number

export const DEBUG = 7
const ALL_LEVELS: LevelMask = 0xff
const NAMES = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug'] as const
/** Others that rsyslog takes (syslog.conf(5)). */
const OLD_NAMES: Readonly<Record<string, number>> = { panic: 0, error: 3, warn: 4 }

/** Levels from emergency to `level`; -1: none. */
function upTo(level: number): LevelMask {
  return 2 ** (level + 1) - 1
}

/** Whether every level to `level` is kept. */
export function keepsUpTo(kept: LevelMask, level: number): boolean {
  return (kept & upTo(level)) === upTo(level)
}

export interface JournalFilter {
  readonly levels: LevelMask
  /** What cuts it; `null`: all is kept. */
  readonly by: (IniValue & { readonly key: 'ReadKMsg' | 'Storage' | 'MaxLevelStore' }) | null
}

/** Without any setting the journal keeps all. */
export function journalFilter(reading: Files): JournalFilter {
  const value = <Key extends string>(key: Key): (IniValue & { readonly key: Key }) | null => {
    const found = iniValue(reading, 'journald', key)
    return found === null || found.value === '' ? null : { ...found, key }
  }
  const readKmsg = value('ReadKMsg')
  if (readKmsg !== null && !isYes(readKmsg.value)) return { levels: 0, by: readKmsg }
  const storage = value('Storage')
  if (storage?.value === 'none') return { levels: 0, by: storage }
  const store = value('MaxLevelStore')
  const names: readonly string[] = NAMES
  const level = names.indexOf(names[Number(store?.value)] ?? store?.value ?? '')
  // What it does not understand, journald leaves at its default.
  return store === null || level < 0 || level === DEBUG
    ? { levels: ALL_LEVELS, by: null }
    : { levels: upTo(level), by: store }
}

/** `*.info;kern.!err`: each part adds levels of the kernel's lines or takes some away (rsyslog, DecodePRIFilter). */
export function kernelLevelsOf(selector: string): LevelMask {
  return selector.split(';').reduce<LevelMask>((kept, part) => {
    const match = /^([\w*,]+)\.(!?)(=?)(\*|\w+)$/.exec(part)
    const facilities = (match?.[1] ?? '').split(',')
    if (match === null || !(facilities.includes('kern') || facilities.includes('*'))) return kept
    const [, , not, only, name = ''] = match
    if (name === 'none') return 0
    const names: readonly string[] = NAMES
    const level = name === '*' ? DEBUG : (OLD_NAMES[name] ?? names.indexOf(name))
    if (level < 0) return kept
    const named = only === '' ? upTo(level) : 2 ** level
    return not === '' ? kept | named : kept & ~named
  }, 0)
}

/** A line that writes messages to a file. */
export interface RsyslogRule {
  readonly path: string
  readonly line: string
  readonly levels: LevelMask
}

/** A device keeps nothing. */
const TO_FILE = /^\s*([\w*,;.!=]+)\s+-?\/(?!dev\/)\S+/

export function rsyslogRules(reading: Files): readonly RsyslogRule[] {
  return filesLike(reading, /^\/etc\/rsyslog/).flatMap(([path, text]) =>
    text.split('\n').flatMap((line): readonly RsyslogRule[] => {
      const selector = TO_FILE.exec(line)?.[1]
      return selector === undefined
        ? []
        : [{ path, line: line.trim(), levels: kernelLevelsOf(selector) }]
    }),
  )
}

/** What all of its files have together. */
export function rsyslogLevels(reading: Files): LevelMask {
  return rsyslogRules(reading).reduce<LevelMask>((kept, { levels }) => kept | levels, 0)
}

/** Which of the two run. */
export interface LogDaemons {
  readonly journald: boolean
  readonly rsyslog: boolean
}

/** Whether a line of level debug is in some log on disk. */
export function debugInLogs(
  reading: Files,
  { journald, rsyslog }: LogDaemons,
): 'keeps-debug' | 'drops-debug' | 'unknown' {
  if (!journald && !rsyslog) return 'unknown'
  const kept =
    (journald ? journalFilter(reading).levels : 0) | (rsyslog ? rsyslogLevels(reading) : 0)
  return (kept & (1 << DEBUG)) === 0 ? 'drops-debug' : 'keeps-debug'
}
