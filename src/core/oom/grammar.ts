/**
 * @module What a record says, by its own grammar: some forty kinds of lines, 2.6.9 to 7.x. Never by the
 * kernel's version: distributions move formats between versions. Sources: mm/oom_kill.c, mm/show_mem.c
 * (lib/show_mem.c, mm/page_alloc.c), mm/memcontrol.c of these kernels.
 */
import type { BuddyInfo, KilledProcess } from './records.ts'
import { wordsOf } from './task-row.ts'

type Figures = Readonly<Record<string, number>>

export type OomLine =
  | {
      readonly kind: 'header'
      readonly comm: string | null
      readonly gfpMask: number | null
      readonly gfpText: string | null
      readonly order: number | null
      readonly oomScoreAdj: number | null
    }
  | {
      readonly kind: 'cpu'
      readonly pid: number
      readonly comm: string | null
      readonly release: string | null
    }
  | { readonly kind: 'cpuset'; readonly comm: string; readonly memsAllowed: string }
  | { readonly kind: 'trace'; readonly symbol: string; readonly isCertain: boolean }
  | { readonly kind: 'trace-head' }
  | { readonly kind: 'mem-info' }
  | { readonly kind: 'counters'; readonly figures: Figures }
  | { readonly kind: 'node'; readonly node: number; readonly kb: Figures }
  | { readonly kind: 'zone'; readonly node: number; readonly name: string; readonly kb: Figures }
  | { readonly kind: 'buddy'; readonly buddy: BuddyInfo }
  | {
      readonly kind: 'hugepages'
      readonly node: number
      readonly total: number
      readonly free: number
      readonly sizeKb: number
    }
  | { readonly kind: 'total'; readonly name: TotalName; readonly value: number }
  | { readonly kind: 'slab-head' }
  | { readonly kind: 'task-head' }
  | { readonly kind: 'task-columns'; readonly columns: readonly string[] }
  | { readonly kind: 'task-row'; readonly words: readonly string[]; readonly pid: number }
  | {
      readonly kind: 'memcg-usage'
      readonly name: string
      readonly usageKb: number
      readonly limitKb: number
    }
  | { readonly kind: 'memcg-stats'; readonly path: string; readonly figures: Figures }
  | { readonly kind: 'task-in'; readonly taskMemcg: string; readonly oomMemcg: string | null }
  | { readonly kind: 'summary'; readonly fields: Readonly<Record<string, string>> }
  | {
      readonly kind: 'selected'
      readonly comm: string
      readonly pid: number
      readonly isMemcg: boolean
    }
  | {
      readonly kind: 'killed'
      readonly killed: Omit<KilledProcess, 'line'>
      readonly isMemcg: boolean
      readonly isAllocating: boolean
    }
  | { readonly kind: 'group-kill' }
  | { readonly kind: 'reaped'; readonly pid: number }
  | { readonly kind: 'no-killable' }
  | { readonly kind: 'panic'; readonly text: string }
  | { readonly kind: 'allocation-failure' }
  /** `name 123`: a line of memory.stat or of the slab table, by where it stands. */
  | { readonly kind: 'pair'; readonly name: string; readonly values: readonly number[] }

export type TotalName =
  | 'pages RAM'
  | 'pages reserved'
  | 'pages HighMem'
  | 'pagecache'
  | 'swap cache'
  | 'free swap'
  | 'total swap'

const HEADER = /^(?:(.{1,16}?) invoked )?oom-killer(?:: ?(.*)|)$/
const CPU =
  /^(?:CPU: ?\d+ .*?)?P(?:id|ID): (\d+),? [Cc]omm: (.{1,16}?) (?:Kdump: \w+ )?(?:Not|[Tt]ainted)\b(?: tainted|: [A-Z ]*)? *([\w.+~-]{0,64}?\d{1,4}\.\d{1,4}\S*)?/
const S390 = /^Process (\S+) \(pid: (\d+), task/
const CPUSET = /^(.{1,16}) cpuset=\S* mems_allowed=(\S+)/
const TRACE =
  /^(?:\[?<?[0-9a-f]+>?\]? ){0,2}(\? )?([A-Za-z_][\w.]*)(?:\+0x[0-9a-f]+\/0x[0-9a-f]+| \([\w/.-]+:\d+)/
const TRACE_HEAD = /^(?:Call [Tt]race|Backtrace)/
const NODE = /^Node (\d+) (?=(?:active_anon|hugepages_total):?)/
const ZONE = /^(?:Node (\d+) )?(DMA|DMA32|Normal|HighMem|Movable|Device) free:/
const BUDDY = /^(?:Node (\d+) )?(DMA|DMA32|Normal|HighMem|Movable|Device): (\d+\*\d+kB.*)$/
const HUGE =
  /^(?:Node (\d+) )?hugepages_total=(\d+) hugepages_free=(\d+) hugepages_surp=\d+ hugepages_size=(\d+)kB/
const USAGE = /^(memory|memory\+swap|swap|kmem): usage (\d+)kB, limit (\d+)kB/
const STATS = /^Memory cgroup stats for ([^:]*)(?::(.*))?$/
const STAT = /(?<![\w()])([\w()]+):(\d+)KB/g
const TASK_IN = /^Task in (\S+) killed as a result of limit of (\S+)/
const SELECTED = /^(Memory cgroup out|Out) of memory: ?[Kk]ill process (\d+) \((.{1,64}?)\) score/
/** A name may hold a bracket and what looks like a figure: it ends at the last bracket before the figures. */
const KILLED =
  /(?:^|: )Killed process (\d+)(?:, UID (\d+),)? ?(?:\((.{1,64})\)(?=,? (?:total-vm|vsz):)|\((.{1,64}?)\))(?:,? (?=(?:total-vm|vsz|UID)):?|[.,]|$| )(.*)$/
const COLUMNS = /^\[ *pid *\] +uid +tgid\b/
const ROW = /^\[ *(\d+)\]\s+(\d+\s.*)$/
const ALLOCATION_FAILURE = /page allocation (?:failure|stalls)/
const PANIC = /^Kernel panic - not syncing: (.*)$/
/** `mapped-anon` is of RHEL 5. */
const COUNTER = /(?:^|\s)([a-z_-]+(?:\([a-z]+\))?):\s?(\d+)(?=\s|$)/gi
const KB_FIGURE = /(?<![a-zA-Z_])([a-zA-Z_]+(?:\([a-z]+\))?): ?(\d+)[kK]B/g

const COUNTERS =
  /^(?:[Aa]ctive|inactive|unevictable|slab|mapped|free|kernel_misc|sec_pagetables|dirty)[\w]*:\d/

const TOTALS: readonly (readonly [RegExp, TotalName])[] = [
  [/^(\d+) pages (?:of )?RAM$/, 'pages RAM'],
  [/^(\d+) (?:pages reserved|reserved pages)$/, 'pages reserved'],
  [/^(\d+) pages (?:of )?(?:HighMem(?:\/MovableOnly)?|HIGHMEM)$/, 'pages HighMem'],
  [/^(\d+) total pagecache pages$/, 'pagecache'],
  [/^(\d+) pages in swap cache$/, 'swap cache'],
  [/^Free swap *[=:] *(\d+)kB$/, 'free swap'],
  [/^Total swap *[=:] *(\d+)kB$/, 'total swap'],
]

/** @param pattern global, with a name and a number */
function figuresOf(text: string, pattern: RegExp): Figures {
  const figures: Record<string, number> = {}
  // matchAll would make the expression anew for each line.
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    figures[match[1] as string] ??= Number(match[2])
  }
  return figures
}

function numberOr<T>(value: string | undefined, none: T): number | T {
  return value === undefined ? none : Number(value)
}

function parseHeader(comm: string | undefined, rest: string): OomLine {
  const gfp = /gfp_mask=(0x[0-9a-f]+)(?:\(([^)]*)\))?/.exec(rest)
  return {
    kind: 'header',
    comm: comm?.trim() ?? null,
    gfpMask: gfp === null ? null : Number(gfp[1]),
    gfpText: gfp?.[2] ?? null,
    order: numberOr(/order=(-?\d{1,2})(?!\d)/.exec(rest)?.[1], null),
    oomScoreAdj: numberOr(/oom_score_adj=(-?\d+)/.exec(rest)?.[1], null),
  }
}

function parseKilled(text: string, match: RegExpExecArray): OomLine {
  const [, pid, uid, measured, bare, rest = ''] = match
  const kb = (name: string): number | null =>
    numberOr(new RegExp(`${name}:(\\d+)kB`).exec(rest)?.[1], null)
  return {
    kind: 'killed',
    isMemcg: text.startsWith('Memory cgroup'),
    isAllocating: text.includes('(oom_kill_allocating_task)'),
    killed: {
      pid: Number(pid),
      comm: (measured ?? bare) as string,
      totalVmKb: kb('total-vm') ?? kb('vsz'),
      anonRssKb: kb('anon-rss'),
      fileRssKb: kb('file-rss'),
      shmemRssKb: kb('shmem-rss'),
      pageTablesKb: kb('pgtables'),
      uid: numberOr(uid ?? /UID:(\d+)/.exec(rest)?.[1], null),
      oomScoreAdj: numberOr(/oom_score_adj:(-?\d+)/.exec(rest)?.[1], null),
    },
  }
}

function parseBuddy(match: RegExpExecArray): OomLine {
  const [, node, name, text = ''] = match
  const blocks = [...text.matchAll(/(?<!\d)(\d+)\*(\d+)kB(?: \(([A-Z]+)\))?/g)].map(
    ([, count, kb, types]) => ({ count: Number(count), kb: Number(kb), types: types ?? '' }),
  )
  return { kind: 'buddy', buddy: { node: Number(node ?? 0), name: name as string, blocks } }
}

/** `oom-kill:constraint=X,nodemask=(null),...`: values hold no commas but in lists of nodes and paths. */
function parseSummary(text: string): OomLine {
  const fields: Record<string, string> = {}
  const names =
    'constraint|nodemask|cpuset|mems_allowed|oom_memcg|task_memcg|task|pid|uid|global_oom'
  const pattern = new RegExp(`(?:^|,)(${names})(?:=(.*?))?(?=,(?:${names})(?:=|,|$)|$)`, 'g')
  for (const [, name, value] of text.matchAll(pattern)) fields[name as string] = value ?? ''
  return { kind: 'summary', fields }
}

function classifyZone(text: string): OomLine | undefined {
  const buddy = BUDDY.exec(text)
  if (buddy !== null) return parseBuddy(buddy)
  const huge = HUGE.exec(text)
  if (huge !== null) {
    const [, node, total, free, sizeKb] = huge.map(Number)
    return {
      kind: 'hugepages',
      node: node || 0,
      total: total as number,
      free: free as number,
      sizeKb: sizeKb as number,
    }
  }
  const zone = ZONE.exec(text)
  if (zone !== null) {
    return {
      kind: 'zone',
      node: Number(zone[1] ?? 0),
      name: zone[2] as string,
      kb: figuresOf(text, KB_FIGURE),
    }
  }
  const node = NODE.exec(text)
  if (node !== null) return { kind: 'node', node: Number(node[1]), kb: figuresOf(text, KB_FIGURE) }
  return undefined
}

function classifyTotal(text: string): OomLine | undefined {
  for (const [pattern, name] of TOTALS) {
    const total = pattern.exec(text)
    if (total !== null) return { kind: 'total', name, value: Number(total[1]) }
  }
  return undefined
}

function classifyCounters(text: string): OomLine | undefined {
  if (/^Mem-[Ii]nfo:/.test(text)) return { kind: 'mem-info' }
  if (!COUNTERS.test(text)) return undefined
  // `Active:` and `Active_anon:` until 2.6.30.
  const uniform = text.startsWith('A') ? `a${text.slice(1)}` : text
  return { kind: 'counters', figures: figuresOf(uniform, COUNTER) }
}

function classifyKill(text: string): OomLine | undefined {
  const selected = SELECTED.exec(text)
  if (selected !== null) {
    const [, prefix = '', pid, comm] = selected
    return {
      kind: 'selected',
      pid: Number(pid),
      comm: comm as string,
      isMemcg: prefix.startsWith('Memory'),
    }
  }
  if (
    /^(?:Out of [Mm]emory|Memory cgroup out of memory|No available memory|Killed process)/.test(
      text,
    )
  ) {
    const killed = KILLED.exec(text)
    if (killed !== null) return parseKilled(text, killed)
    if (text.includes('no killable process')) return { kind: 'no-killable' }
  }
  if (text.startsWith('oom-kill:')) return parseSummary(text.slice('oom-kill:'.length))
  if (/^Tasks in .* are going to be killed due to memory\.oom\.group/.test(text))
    return { kind: 'group-kill' }
  const reaped = /^oom_reaper: (?:reaped process|unable to reap pid:) ?(\d+)/.exec(text)
  if (reaped !== null) return { kind: 'reaped', pid: Number(reaped[1]) }
  const panic = PANIC.exec(text)
  if (panic !== null) return { kind: 'panic', text: panic[1] as string }
  return undefined
}

function classifyTable(text: string): OomLine | undefined {
  const row = ROW.exec(text)
  if (row !== null) {
    return { kind: 'task-row', pid: Number(row[1]), words: wordsOf(row[2] as string) }
  }
  if (COLUMNS.test(text)) {
    const columns = text
      .replace(/\[ *pid *\]/, 'pid')
      .trim()
      .split(/\s+/)
    return { kind: 'task-columns', columns }
  }
  if (text.startsWith('Tasks state (memory values in pages)')) return { kind: 'task-head' }
  if (/^Unreclaimable slab info:/.test(text)) return { kind: 'slab-head' }
  return undefined
}

function classifyMemcg(text: string): OomLine | undefined {
  const usage = USAGE.exec(text)
  if (usage !== null) {
    const [, name, usageKb, limitKb] = usage
    return {
      kind: 'memcg-usage',
      name: name as string,
      usageKb: Number(usageKb),
      limitKb: Number(limitKb),
    }
  }
  const stats = STATS.exec(text)
  if (stats !== null) {
    const figures = figuresOf(stats[2] ?? '', STAT)
    const bytes = Object.fromEntries(Object.entries(figures).map(([name, kb]) => [name, kb * 1024]))
    return { kind: 'memcg-stats', path: stats[1] as string, figures: bytes }
  }
  const task = TASK_IN.exec(text)
  if (task !== null)
    return { kind: 'task-in', taskMemcg: task[1] as string, oomMemcg: task[2] ?? null }
  return undefined
}

function classifyStackHead(text: string): OomLine | undefined {
  const cpu = CPU.exec(text)
  if (cpu !== null) {
    return {
      kind: 'cpu',
      pid: Number(cpu[1]),
      comm: cpu[2]?.trim() ?? null,
      release: cpu[3] ?? null,
    }
  }
  const s390 = S390.exec(text)
  if (s390 !== null)
    return { kind: 'cpu', pid: Number(s390[2]), comm: s390[1] as string, release: null }
  return TRACE_HEAD.test(text) ? { kind: 'trace-head' } : undefined
}

/** May begin with anything: a name of a symbol or of a process. */
function classifyTrace(text: string): OomLine | undefined {
  if (text.includes('+0x') || text.includes(' (')) {
    const trace = TRACE.exec(text)
    if (trace !== null) {
      return { kind: 'trace', symbol: trace[2] as string, isCertain: trace[1] === undefined }
    }
  }
  if (!text.includes(' cpuset=')) return undefined
  const cpuset = CPUSET.exec(text)
  return cpuset === null
    ? undefined
    : { kind: 'cpuset', comm: cpuset[1] as string, memsAllowed: cpuset[2] as string }
}

function classifyPair(text: string): OomLine | undefined {
  const pair = PAIR.exec(text)
  if (pair === null) return undefined
  const values = [pair[2], pair[3]].filter((value) => value !== undefined).map(Number)
  return { kind: 'pair', name: pair[1] as string, values }
}

const LONG_FIGURE = /\d{21}/
const LONG = 21

/** No figure of the kernel's has more digits than an unsigned 64-bit one. */
function hasLongFigure(text: string): boolean {
  // Wherever one begins, it has a digit at one of these places.
  for (let at = LONG - 1; at < text.length; at += LONG) {
    const code = text.charCodeAt(at)
    if (code >= 0x30 && code <= 0x39) return LONG_FIGURE.test(text)
  }
  return false
}
const BRACKET = 0x5b
const PAIR = /^([a-zA-Z_][\w.:()-]*) +(\d+)(?:KB)?(?: +(\d+)KB)?$/

type Classify = (text: string) => OomLine | undefined

/** Each with the characters that what it finds may begin with, in the order in which they are asked. */
const GRAMMAR: readonly (readonly [starts: string, classify: Classify])[] = [
  ['TU', classifyTable],
  ['KMNOTo', classifyKill],
  ['DHMNh', classifyZone],
  ['0123456789FT', classifyTotal],
  ['AMadfikmsu', classifyCounters],
  ['MTkms', classifyMemcg],
  ['BCP', classifyStackHead],
]

/** By the code of a line's first character: a report has some forty kinds of lines, and one letter leaves few. */
const BY_START: readonly (readonly Classify[])[] = Array.from({ length: 128 }, (_, code) =>
  GRAMMAR.filter(([starts]) => starts.includes(String.fromCharCode(code))).map(
    ([, found]) => found,
  ),
)

/** What the text says; `undefined` where it is no line of an OOM. Leading blanks do not matter. */
export function classify(raw: string): OomLine | undefined {
  const text = raw.trimStart()
  if (text === '' || hasLongFigure(text)) return undefined
  // Most lines of a report by far: rows of the task table.
  if (text.charCodeAt(0) === BRACKET) return classifyTable(text) ?? classifyTrace(text)
  if (text.includes('oom-killer')) {
    const header = HEADER.exec(text)
    // The kernel's own source has it, too, in patches that people discuss.
    const isFormat = header?.[1]?.endsWith('%s') === true || text.includes('gfp_mask=%')
    if (header !== null && !isFormat) return parseHeader(header[1], header[2] ?? '')
  }
  if (text.includes('page allocation ') && ALLOCATION_FAILURE.test(text)) {
    return { kind: 'allocation-failure' }
  }
  for (const classifyMore of BY_START[text.charCodeAt(0)] ?? []) {
    const found = classifyMore(text)
    if (found !== undefined) return found
  }
  return classifyTrace(text) ?? classifyPair(text)
}
