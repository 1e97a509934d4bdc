/** @module What a kernel printed of an OOM, as far as the lab compares it with the truth. Pure. */

/** The priority, which only `dmesg -r` gives, the stamp, and the text. */
const RECORD = /^(?:<(\d+)>)?(\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? (.*))$/

export interface LogLine {
  /** 0 to 7, see syslog(2); `null` on a console. */
  readonly level: number | null
  /** As a console prints it: stamp and text. */
  readonly printed: string
  readonly text: string
}

/** The machine's memory as a report has it; `null` where that is of a cgroup alone. */
export interface PrintedMemory {
  readonly ramPages: number | null
  readonly shmemPages: number | null
  readonly unreclaimableSlabPages: number | null
  readonly hugetlbKib: number | null
  readonly freeSwapKib: number | null
  readonly totalSwapKib: number | null
}

export interface PrintedOom {
  readonly asker: string
  /** Of the allocation; -1 for SysRq f. */
  readonly order: number
  /** The word after `constraint=`, `null` where nobody was chosen. */
  readonly constraint: string | null
  readonly memcg: string | null
  readonly killed: readonly { readonly name: string; readonly pid: number }[]
  readonly isGroup: boolean
  /** Rows of the task table; none with vm.oom_dump_tasks=0. */
  readonly tasks: readonly { readonly name: string; readonly rssPages: number }[]
  readonly memory: PrintedMemory
  readonly lines: readonly LogLine[]
}

/** Lines of `dmesg -r` or of a console, without what has no stamp. */
export function parseKernelLines(lines: readonly string[]): readonly LogLine[] {
  return lines.flatMap((line) => {
    const match = RECORD.exec(line)
    if (match === null) return []
    const [, priority, printed = '', text = ''] = match
    // Above the low three bits stands the facility.
    return [{ level: priority === undefined ? null : Number(priority) & 7, printed, text }]
  })
}

const ASKED = /^(.*) invoked oom-killer: .*order=(-?\d+)/
const SUMMARY = /^oom-kill:constraint=(\w+)/
const LIMITED = /,oom_memcg=([^,]*)/
const KILLED = /Killed process (\d+) \((.*)\) total-vm:/
const GROUP = /are going to be killed due to memory\.oom\.group set/
/** pid, uid, tgid, total_vm, rss, and what differs from version to version (oom_kill.c, dump_task). */
const ROW = /^\[ *\d+\] +\d+ +\d+ +\d+ +(\d+) .* -?\d+ (.+)$/
const HUGETLB = /hugepages_total=(\d+) .*hugepages_size=(\d+)kB/

function readMemory(lines: readonly LogLine[]): PrintedMemory {
  const count = (pattern: RegExp): number | null => {
    const match = lines.map(({ text }) => pattern.exec(text)).find((found) => found !== null)
    return match === undefined ? null : Number(match[1])
  }
  const pools = lines.flatMap(({ text }) => {
    const match = HUGETLB.exec(text)
    return match === null ? [] : [Number(match[1]) * Number(match[2])]
  })
  return {
    ramPages: count(/^(\d+) pages RAM/),
    shmemPages: count(/\bshmem:(\d+)(?!\d|kB)/),
    unreclaimableSlabPages: count(/slab_unreclaimable:(\d+)(?!\d|kB)/),
    hugetlbKib: pools.length === 0 ? null : pools.reduce((sum, kib) => sum + kib),
    freeSwapKib: count(/^Free swap *= (\d+)kB/),
    totalSwapKib: count(/^Total swap *= (\d+)kB/),
  }
}

function readOom(lines: readonly LogLine[]): PrintedOom {
  const find = (pattern: RegExp): RegExpExecArray | undefined =>
    lines.map(({ text }) => pattern.exec(text)).find((match) => match !== null)
  const asked = find(ASKED)
  return {
    asker: asked?.[1] ?? '',
    order: Number(asked?.[2]),
    constraint: find(SUMMARY)?.[1] ?? null,
    memcg: find(LIMITED)?.[1] ?? null,
    killed: lines.flatMap(({ text }) => {
      const match = KILLED.exec(text)
      return match === null ? [] : [{ pid: Number(match[1]), name: match[2] ?? '' }]
    }),
    isGroup: find(GROUP) !== undefined,
    tasks: lines.flatMap(({ text }) => {
      const match = ROW.exec(text)
      return match === null ? [] : [{ rssPages: Number(match[1]), name: match[2] ?? '' }]
    }),
    memory: readMemory(lines),
    lines,
  }
}

/** Reports in their order; each from its first line to the last that says whom it killed. */
export function findPrintedOoms(log: readonly LogLine[]): readonly PrintedOom[] {
  const starts = log.flatMap(({ text }, index) => (ASKED.test(text) ? [index] : []))
  return starts.map((start, index) => {
    const lines = log.slice(start, starts[index + 1] ?? log.length)
    const last = lines.findLastIndex(({ text }) => KILLED.test(text))
    return readOom(last < 0 ? lines : lines.slice(0, last + 1))
  })
}
