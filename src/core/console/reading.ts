/**
 * @module What was read of a host, before anything is concluded: small files by their path, and who runs. It
 * comes from a live host or from a saved tree, and it is all that the checks may know.
 */
import type { ReportNode, ReportTask } from './records.ts'

/** Why a file could not be read, where it is the user's rights. */
export const DENIED = 'this user may not read it'

/** A file that is there and could not be read. */
export interface UnreadFile {
  readonly path: string
  readonly why: string
}

export interface Reading {
  /**
   * Text by absolute path, of those that could be read, without blanks at the end. Of files that hold more
   * than is asked for, the lines alone that are. A path that is only looked for has an empty text.
   */
  readonly files: ReadonlyMap<string, string>
  readonly unread: readonly UnreadFile[]
  /** Processes with memory of their own, PID 1 among them; `null`: /proc could not be listed. */
  readonly processes: readonly ReportTask[] | null
  /** Zones that hold pages (/proc/zoneinfo). */
  readonly nodes: readonly ReportNode[]
  readonly pageBytes: number
  /** Whether every process of the host is seen: not so in a PID namespace, or behind hidepid. */
  readonly seesAll: boolean
}

/** What the kernel does not tell in a file, and a live host's reader puts there: `stty` of a line. */
export function termiosPath(device: string): string {
  return `/plimsoll/termios/${device}`
}

/** Whether a file may be there for others: then nothing is concluded from its absence. */
export function isDenied({ unread }: Pick<Reading, 'unread'>, path: string): boolean {
  return unread.some((one) => one.path === path && one.why === DENIED)
}

export function textOf({ files }: Pick<Reading, 'files'>, path: string): string | null {
  return files.get(path) ?? null
}

/** The first whole number of a file; `null` where it begins with none. */
export function integerOf(reading: Pick<Reading, 'files'>, path: string): number | null {
  const match = /^\s*(-?\d+)/.exec(reading.files.get(path) ?? '')
  return match === null ? null : Number(match[1])
}

/** Files below a path by their own pattern, sorted by path. */
export function filesLike(
  { files }: Pick<Reading, 'files'>,
  pattern: RegExp,
): readonly (readonly [path: string, text: string])[] {
  return [...files].filter(([path]) => pattern.test(path)).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** A figure of /proc/meminfo in KiB; `null` where it is not there. */
export function meminfoKb(reading: Pick<Reading, 'files'>, name: string): number | null {
  const match = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(
    reading.files.get('/proc/meminfo') ?? '',
  )
  return match === null ? null : Number(match[1])
}
