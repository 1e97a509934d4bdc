/**
 * @module The report that this host's kernel would print at an OOM of the whole machine, line by line: what
 * it costs is counted from this text. Formats: mm/oom_kill.c and mm/show_mem.c (lib/show_mem.c, mm/page_alloc.c
 * before 6.6) of the versions in era.ts. What is not known before it happens stands as it would when memory is
 * gone: anonymous memory fills the zones, little is free.
 */
import type { ReportEra } from './era.ts'
import { eraOf } from './era.ts'
import type {
  LineLevel,
  ReportHost,
  ReportLine,
  ReportNode,
  ReportPart,
  ReportTask,
  ReportZone,
} from './records.ts'
import type { Asked } from './stack.ts'
import { stackLines } from './stack.ts'

/** Who asks, and dies. */
const LEAKER = 'leaker'

function kb(pages: number, host: ReportHost): number {
  return Math.round((pages * host.pageBytes) / 1024)
}

function linesOf(part: ReportPart, level: LineLevel, texts: readonly string[]): ReportLine[] {
  return texts.map((text) => ({ part, level, text }))
}

function isFrom(era: ReportEra, release: ReportEra['likeRelease']): boolean {
  const order: readonly ReportEra['likeRelease'][] = ['5.10', '6.1', '6.12', '7.2']
  return order.indexOf(era.likeRelease) >= order.indexOf(release)
}

/** Pages that user space could take: what fills when a process leaks. */
function freeForUsers(zones: readonly ReportZone[]): number {
  return zones.reduce((sum, zone) => sum + zone.managedPages - zone.minPages, 0)
}

const GFP_FLAGS: Readonly<Record<ReportEra['likeRelease'], Readonly<Record<Asked, string>>>> = {
  '5.10': {
    page: '0x100dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO)',
    'page-table': '0x400dc0(GFP_KERNEL_ACCOUNT|__GFP_ZERO)',
  },
  '6.1': {
    page: '0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_ZERO)',
    'page-table': '0x400dc0(GFP_KERNEL_ACCOUNT|__GFP_ZERO)',
  },
  '6.12': {
    page: '0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_COMP|__GFP_ZERO)',
    'page-table': '0x440dc0(GFP_KERNEL_ACCOUNT|__GFP_COMP|__GFP_ZERO)',
  },
  '7.2': {
    page: '0x140dca(GFP_HIGHUSER_MOVABLE|__GFP_ZERO|__GFP_COMP)',
    'page-table': '0x440dc0(GFP_KERNEL_ACCOUNT|__GFP_ZERO|__GFP_COMP)',
  },
}

function headerLine({ likeRelease }: ReportEra, asked: Asked): string {
  const flags = GFP_FLAGS[likeRelease][asked]
  return `${LEAKER} invoked oom-killer: gfp_mask=${flags}, order=0, oom_score_adj=0`
}

/** `#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-01-01)` as dump_stack writes it: number and builder. */
function builtAs(version: string): string {
  const words = version
    .replace(/\(\d{4}-\d{2}-\d{2}\)/, '')
    .replace(/^(#\S+)\s+SMP\s+/, '$1 ')
    .replace(/PREEMPT_(DYNAMIC|RT)\s*/, ' ')
  return words.trimEnd()
}

function stackHead(host: ReportHost, era: ReportEra, pid: number): readonly string[] {
  const uid = isFrom(era, '6.12') ? ' UID: 0' : ''
  const cpu = `CPU: 0${uid} PID: ${pid} Comm: ${LEAKER} Not tainted ${host.release} ${builtAs(host.version)}`
  return host.hardware === '' ? [cpu] : [cpu, `Hardware name: ${host.hardware}`]
}

function counters(host: ReportHost, era: ReportEra, anonPages: number): readonly string[] {
  const free = host.nodes.flatMap((node) => node.zones).reduce((sum, z) => sum + z.minPages, 0)
  const first = isFrom(era, '6.12') ? [anonPages, 0] : [3, anonPages]
  const tables = host.pageTablePages
  const later =
    era.likeRelease === '5.10'
      ? [` mapped:${host.mappedPages} shmem:${host.shmemPages} pagetables:${tables} bounce:0`]
      : [
          ` mapped:${host.mappedPages} shmem:${host.shmemPages} pagetables:${tables}`,
          ' sec_pagetables:0 bounce:0',
          ' kernel_misc_reclaimable:0',
        ]
  return [
    `active_anon:${first[0]} inactive_anon:${first[1]} isolated_anon:0`,
    ' active_file:0 inactive_file:0 isolated_file:0',
    ` unevictable:${host.unevictablePages} dirty:0 writeback:0`,
    ` slab_reclaimable:${host.slabReclaimablePages} slab_unreclaimable:${host.slabUnreclaimablePages}`,
    ...later,
    ` free:${free} free_pcp:214 free_cma:0`,
  ]
}

function anonFields(anonKb: number, era: ReportEra): string {
  const [active, inactive] = isFrom(era, '6.12') ? [anonKb, 0] : [0, anonKb]
  return `active_anon:${active}kB inactive_anon:${inactive}kB active_file:0kB inactive_file:0kB`
}

function nodeLine(node: ReportNode, host: ReportHost, era: ReportEra): string {
  const space = isFrom(era, '6.12') ? '' : ' '
  const anonKb = kb(freeForUsers(node.zones), host)
  const huge = ['shmem_thp', 'shmem_pmdmapped', 'anon_thp'].map((name) => `${name}:${space}0kB`)
  const tables = kb(host.pageTablePages, host)
  return [
    `Node ${node.id} ${anonFields(anonKb, era)}`,
    `unevictable:${kb(host.unevictablePages, host)}kB isolated(anon):0kB isolated(file):0kB`,
    `mapped:${kb(host.mappedPages, host)}kB dirty:0kB writeback:0kB shmem:${kb(host.shmemPages, host)}kB`,
    huge.join(' '),
    ...(era.likeRelease === '7.2' ? [] : ['writeback_tmp:0kB']),
    `kernel_stack:${host.kernelStackKb}kB`,
    ...(era.likeRelease === '5.10' ? [] : [`pagetables:${tables}kB sec_pagetables:0kB`]),
    'all_unreclaimable? yes',
    ...(era.likeRelease === '7.2' ? ['Balloon:0kB gpu_active:0kB gpu_reclaim:0kB'] : []),
  ].join(' ')
}

function zoneLine(node: ReportNode, zone: ReportZone, host: ReportHost, era: ReportEra): string {
  const anonKb = kb(Math.max(0, zone.managedPages - zone.minPages), host)
  const [min, low, high] = [zone.minPages, zone.lowPages, zone.highPages].map((p) => kb(p, host))
  return [
    `Node ${node.id} ${zone.name} free:${min}kB`,
    ...(era.likeRelease === '5.10' ? [] : ['boost:0kB']),
    `min:${min}kB low:${low}kB high:${high}kB reserved_highatomic:0KB`,
    ...(era.likeRelease === '7.2' ? ['free_highatomic:0KB'] : []),
    anonFields(anonKb, era),
    'unevictable:0kB writepending:0kB',
    ...(era.likeRelease === '7.2' ? ['zspages:0kB'] : []),
    `present:${kb(zone.presentPages, host)}kB managed:${kb(zone.managedPages, host)}kB mlocked:0kB`,
    ...(era.likeRelease === '5.10' ? ['pagetables:32kB'] : []),
    'bounce:0kB free_pcp:364kB local_pcp:216kB free_cma:0kB',
  ].join(' ')
}

const BUDDY_ORDERS = 11
/** Letters of the migrate types that most free blocks are of. */
const BUDDY_BLOCKS = ['1*', '4*', '2*', '1*', '1*', '1*', '1*', '1*', '0*', '0*', '0*']

function buddyLine(node: ReportNode, zone: ReportZone, host: ReportHost): string {
  const pageKb = host.pageBytes / 1024
  const blocks = Array.from({ length: BUDDY_ORDERS }, (_, order) => {
    const count = BUDDY_BLOCKS[order] ?? '0*'
    const letters = count === '0*' ? '' : order === 1 ? ' (UM)' : ' (U)'
    return `${count}${pageKb * 2 ** order}kB${letters}`
  })
  return `Node ${node.id} ${zone.name}: ${blocks.join(' ')} = ${kb(zone.minPages, host)}kB`
}

function memInfo(host: ReportHost, era: ReportEra): readonly ReportLine[] {
  const zones = host.nodes.flatMap((node) => node.zones.map((zone) => ({ node, zone })))
  const anonPages = freeForUsers(zones.map(({ zone }) => zone))
  const hugePages = host.nodes.flatMap(({ id }) =>
    host.hugePageKb.map(
      (size) =>
        `Node ${id} hugepages_total=0 hugepages_free=0 hugepages_surp=0 hugepages_size=${size}kB`,
    ),
  )
  const sum = (pick: (zone: ReportZone) => number): number =>
    zones.reduce((total, { zone }) => total + pick(zone), 0)
  const present = sum((zone) => zone.presentPages)
  const bare = (texts: readonly string[]): ReportLine[] => linesOf('mem-info', 'default', texts)
  return [
    ...bare(['Mem-Info:', ...counters(host, era, anonPages)]),
    ...bare(host.nodes.map((node) => nodeLine(node, host, era))),
    ...bare(
      zones.flatMap(({ node, zone }) => [
        zoneLine(node, zone, host, era),
        `lowmem_reserve[]: ${zone.reservePages.join(' ')}`,
      ]),
    ),
    ...bare(zones.map(({ node, zone }) => buddyLine(node, zone, host))),
    // pr_info until some version after 5.10.
    ...linesOf('mem-info', era.likeRelease === '5.10' ? 6 : 'default', hugePages),
    ...bare([
      `${host.shmemPages} total pagecache pages`,
      '0 pages in swap cache',
      ...(era.likeRelease === '5.10' ? ['Swap cache stats: add 0, delete 0, find 0/0'] : []),
      'Free swap  = 0kB',
      `Total swap = ${host.swapTotalKb}kB`,
      `${present} pages RAM`,
      '0 pages HighMem/MovableOnly',
      `${present - sum((zone) => zone.managedPages)} pages reserved`,
      ...(era.likeRelease === '7.2' ? ['0 pages cma reserved'] : []),
      ...(isFrom(era, '6.12') ? ['0 pages hwpoisoned'] : []),
    ]),
    ...(era.likeRelease === '7.2' && host.hasCgroup2
      ? linesOf('mem-info', 4, ['Memory cgroup min protection 0kB -- low protection 0kB'])
      : []),
  ]
}

/** mm/oom_kill.c, dump_task: widths of the columns are its format's; wider numbers push the rest out. */
function taskRow(task: ReportTask, era: ReportEra): string {
  const wide = (value: number, width: number): string => String(value).padStart(width)
  const rss = task.rssAnonPages + task.rssFilePages + task.rssShmemPages
  const split = isFrom(era, '6.12')
    ? ` ${wide(task.rssAnonPages, 8)} ${wide(task.rssFilePages, 8)} ${wide(task.rssShmemPages, 9)}`
    : ''
  return (
    `[${wide(task.pid, 7)}] ${wide(task.uid, 5)} ${wide(task.pid, 5)} ${wide(task.totalVmPages, 8)} ${wide(rss, 8)}` +
    `${split} ${wide(task.pageTableBytes, 8)} ${wide(task.swapPages, 8)}         ${wide(task.oomScoreAdj, 5)} ${task.comm}`
  )
}

function taskTable(host: ReportHost, era: ReportEra): readonly ReportLine[] {
  const columns = isFrom(era, '6.12')
    ? '[  pid  ]   uid  tgid total_vm      rss rss_anon rss_file rss_shmem pgtables_bytes swapents oom_score_adj name'
    : '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name'
  const rows = host.tasks.map((task) => taskRow(task, era))
  return linesOf('task-table', 6, ['Tasks state (memory values in pages):', columns, ...rows])
}

function killLine(host: ReportHost, pid: number, anonPages: number): string {
  const anonKb = kb(anonPages, host)
  const tablesKb = Math.max(8, Math.round(anonKb / 500))
  return (
    `Out of memory: Killed process ${pid} (${LEAKER}) total-vm:${anonKb}kB, anon-rss:${anonKb}kB, ` +
    `file-rss:4kB, shmem-rss:324kB, UID:0 pgtables:${tablesKb}kB oom_score_adj:0`
  )
}

function nodeList(nodes: readonly ReportNode[]): string {
  const ids = nodes.map((node) => node.id)
  return ids.length < 2 ? String(ids[0] ?? 0) : `${Math.min(...ids)}-${Math.max(...ids)}`
}

/**
 * The report of a global OOM with the task table (vm.oom_dump_tasks=1); a reader drops the `task-table` lines for 0.
 * The slab table is left out: the kernel adds it only where unreclaimable slab is larger than all user memory.
 * @param asked what nothing was left for: it says which call trace is printed
 */
export function renderGlobalReport(host: ReportHost, asked: Asked = 'page'): readonly ReportLine[] {
  const era = eraOf(host.release)
  const pid = Math.max(100, ...host.tasks.map((task) => task.pid)) + 1
  const anonPages = freeForUsers(host.nodes.flatMap((node) => node.zones))
  const summary =
    `oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=${nodeList(host.nodes)},global_oom,` +
    `task_memcg=/,task=${LEAKER},pid=${pid},uid=0`
  return [
    ...linesOf('header', 4, [headerLine(era, asked)]),
    ...linesOf('stack', 'default', [...stackHead(host, era, pid), ...stackLines(era, asked)]),
    ...memInfo(host, era),
    ...taskTable(host, era),
    ...linesOf('summary', 6, [summary]),
    ...linesOf('kill', 3, [killLine(host, pid, anonPages)]),
  ]
}
