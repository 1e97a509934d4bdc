/**
 * @module How a kernel writes its OOM reports, by its version. Read in the sources of 5.10.262, 6.1.192,
 * 6.12.117 and 7.2.13 and checked on real reports of each; what lies between is taken to be like the
 * one before it. A distribution may have moved lines between versions (RHEL does).
 */

export interface ReportEra {
  /** The kernel that it was read in. */
  readonly likeRelease: '5.10' | '6.1' | '6.12' | '7.2'
  /** Whether it was read in this version, or is the nearest known. */
  readonly isExact: boolean
}

const KNOWN = [
  ['7.2', 7, 2],
  ['6.12', 6, 12],
  ['6.1', 6, 1],
  ['5.10', 5, 10],
] as const

const OLDEST: readonly [number, number] = [5, 10]
/** From here on nothing was read. */
const UNREAD: readonly [number, number] = [7, 3]

/** rss_anon, rss_file and rss_shmem came to the task table here (mm/oom_kill.c). */
const SPLIT_RSS: readonly [number, number] = [6, 8]

function isAtLeast(major: number, minor: number, [a, b]: readonly [number, number]): boolean {
  return major > a || (major === a && minor >= b)
}

/** Whether a version is one of those that were read, or lies between two of them. */
export function isReadRelease(release: string): boolean {
  const match = /^(\d+)\.(\d+)/.exec(release)
  if (match === null) return false
  const [major, minor] = [Number(match[1]), Number(match[2])]
  return isAtLeast(major, minor, OLDEST) && !isAtLeast(major, minor, UNREAD)
}

/** @param release `uname -r`; one that names no version is taken for the newest */
export function eraOf(release: string): ReportEra {
  const match = /^(\d+)\.(\d+)/.exec(release)
  if (match === null) return { likeRelease: '7.2', isExact: false }
  const [major, minor] = [Number(match[1]), Number(match[2])]
  // Between 6.8 and 6.12 the table is the newer one, which is most of the report.
  if (isAtLeast(major, minor, SPLIT_RSS) && !isAtLeast(major, minor, [6, 12])) {
    return { likeRelease: '6.12', isExact: false }
  }
  const known = KNOWN.find(([, a, b]) => isAtLeast(major, minor, [a, b]))
  if (known === undefined) return { likeRelease: '5.10', isExact: false }
  const [likeRelease, a, b] = known
  return { likeRelease, isExact: major === a && minor === b }
}
