/** @module What the kernel keeps of kills beside its log: counters, and what a crash left. */
import { readdirSync, readFileSync } from 'node:fs'

export interface OomTraces {
  /** `oom_kill` of /proc/vmstat (since 4.13): all kills since boot. `null` where it is not there. */
  readonly hostKills: number | null
  /** `oom_kill` of the group's memory.events (cgroup v2). It is gone with the group. */
  readonly groupKills: number | null
  /** Names in /sys/fs/pstore: the log of a kernel that panicked. */
  readonly crashFiles: readonly string[]
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function countOf(text: string): number | null {
  const found = /^oom_kill (\d+)$/m.exec(text)
  return found === null ? null : Number(found[1])
}

function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path).sort()
  } catch {
    return []
  }
}

/** @param group path of a cgroup as `/system.slice/a.service`, or `null` for none */
export function readOomTraces(root: string, group: string | null): OomTraces {
  const events = group === null ? '' : readText(`${root}/sys/fs/cgroup${group}/memory.events`)
  return {
    hostKills: countOf(readText(`${root}/proc/vmstat`)),
    groupKills: countOf(events),
    crashFiles: namesIn(`${root}/sys/fs/pstore`),
  }
}
