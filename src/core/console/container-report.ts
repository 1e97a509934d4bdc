/**
 * @module The report of an OOM in a cgroup: header, stack, table and kill line are those of the machine's own, with the
 * cgroup's figures in place of the memory's (mm/memcontrol.c, mem_cgroup_print_oom_meminfo). Counters of 6.1.192,
 * 6.12.117 and 7.2.13, in builds without what few have; another kernel is taken to be like the nearest before.
 */
import type { ReportEra } from './era.ts'
import { eraOf } from './era.ts'
import type { ReportHost, ReportLine } from './records.ts'
import { renderGlobalReport } from './report.ts'

const MEMORY =
  'anon file kernel kernel_stack pagetables sec_pagetables percpu sock vmalloc shmem'.split(' ')
const STATE = (
  'file_mapped file_dirty file_writeback swapcached anon_thp file_thp shmem_thp inactive_anon active_anon ' +
  'inactive_file active_file unevictable slab_reclaimable slab_unreclaimable slab workingset_refault_anon ' +
  'workingset_refault_file workingset_activate_anon workingset_activate_file workingset_restore_anon ' +
  'workingset_restore_file workingset_nodereclaim'
).split(' ')
const EVENTS_6_1 = (
  'pgscan pgsteal pgscan_kswapd pgscan_direct pgsteal_kswapd pgsteal_direct pgfault pgmajfault pgrefill ' +
  'pgactivate pgdeactivate pglazyfree pglazyfreed thp_fault_alloc thp_collapse_alloc'
).split(' ')
const EVENTS_6_12 = (
  'pgdemote_kswapd pgdemote_direct pgdemote_khugepaged pgpromote_success pgscan pgsteal pgscan_kswapd ' +
  'pgscan_direct pgscan_khugepaged pgsteal_kswapd pgsteal_direct pgsteal_khugepaged pgfault pgmajfault pgrefill ' +
  'pgactivate pgdeactivate pglazyfree pglazyfreed swpin_zero swpout_zero thp_fault_alloc thp_collapse_alloc ' +
  'thp_swpout thp_swpout_fallback numa_pages_migrated numa_pte_updates numa_hint_faults'
).split(' ')
const EVENTS_7_2 = (
  'pgdemote_kswapd pgdemote_direct pgdemote_khugepaged pgdemote_proactive pgsteal_kswapd pgsteal_direct ' +
  'pgsteal_khugepaged pgsteal_proactive pgscan_kswapd pgscan_direct pgscan_khugepaged pgscan_proactive pgrefill ' +
  'pgpromote_success pgscan pgsteal pswpin pswpout pgfault pgmajfault pgactivate pgdeactivate pglazyfree ' +
  'pglazyfreed swpin_zero swpout_zero zswpin zswpout zswpwb thp_fault_alloc thp_collapse_alloc thp_swpout ' +
  'thp_swpout_fallback numa_pages_migrated numa_pte_updates numa_hint_faults'
).split(' ')
const ZSWAP = ['zswap', 'zswapped', 'zswap_incomp']

const COUNTERS: Readonly<Record<ReportEra['likeRelease'], readonly string[]>> = {
  '5.10': [...MEMORY, ...STATE, ...EVENTS_6_1],
  '6.1': [...MEMORY, ...STATE, ...EVENTS_6_1],
  '6.12': [...MEMORY, ...STATE, ...EVENTS_6_12],
  '7.2': [...MEMORY, ...ZSWAP, ...STATE, ...EVENTS_7_2],
}

/** Where all counters are one record, a console cuts it here, stamps included (printk.c, CONSOLE_LOG_MAX). */
const ONE_RECORD: readonly ReportEra['likeRelease'][] = ['5.10', '6.1']
const RECORD_BYTES = 1024
/** Stamp and line feed. */
const LINE_BYTES = 16

function cutRecord(texts: readonly string[]): readonly string[] {
  let bytes = 0
  return texts.filter((text) => {
    bytes += text.length + LINE_BYTES
    return bytes <= RECORD_BYTES
  })
}

/** Counters that are not 0 when a process fills its cgroup: their digits are bytes on the line. */
function counterOf(name: string, limitBytes: number): number {
  if (name === 'anon' || name === 'active_anon') return limitBytes
  if (name === 'kernel' || name === 'pagetables') return Math.round(limitBytes / 400)
  if (name === 'slab' || name === 'slab_unreclaimable') return 9064
  return name === 'pgfault' ? Math.round(limitBytes / 4096) : 0
}

function memcgLines(release: string, path: string, limitBytes: number): readonly ReportLine[] {
  const { likeRelease } = eraOf(release)
  const counters = COUNTERS[likeRelease].map((name) => `${name} ${counterOf(name, limitBytes)}`)
  const kb = Math.round(limitBytes / 1024)
  return [
    `memory: usage ${kb}kB, limit ${kb}kB, failcnt 19`,
    // PAGE_COUNTER_MAX where memory.swap.max is not set.
    'swap: usage 0kB, limit 9007199254740988kB, failcnt 0',
    `Memory cgroup stats for ${path}:`,
    ...(ONE_RECORD.includes(likeRelease) ? cutRecord(counters) : counters),
  ].map((text) => ({ part: 'memcg', level: 6, text }))
}

/** The line as it reads when a cgroup's limit is the cause; `null` for one that such a report does not have. */
function inContainer(line: ReportLine, path: string, limitBytes: number): ReportLine | null {
  const kb = Math.round(limitBytes / 1024)
  switch (line.part) {
    case 'header':
      return { ...line, text: line.text.replace(/gfp_mask=[^,]+/, 'gfp_mask=0xcc0(GFP_KERNEL)') }
    case 'mem-info':
      return null
    case 'summary': {
      const where = 'CONSTRAINT_MEMCG,'
      const text = line.text
        .replace('CONSTRAINT_NONE,', where)
        .replace('global_oom,task_memcg=/', `oom_memcg=${path},task_memcg=${path}`)
      return { ...line, text }
    }
    case 'kill': {
      const text = line.text
        .replace('Out of memory', 'Memory cgroup out of memory')
        .replace(/(total-vm|anon-rss):\d+kB/g, `$1:${kb}kB`)
      return { ...line, text }
    }
    default:
      return line
  }
}

/**
 * As consoles get it: dmesg may have more of the counters.
 * @param host with the tasks of that cgroup alone: the kernel lists no others
 * @param path of the cgroup, as the kernel names it
 */
export function renderContainerReport(
  host: ReportHost,
  path: string,
  limitBytes: number,
): readonly ReportLine[] {
  const own = renderGlobalReport(host).flatMap((line) => inContainer(line, path, limitBytes) ?? [])
  const table = own.findIndex(({ part }) => part === 'task-table')
  return [
    ...own.slice(0, table),
    ...memcgLines(host.release, path, limitBytes),
    ...own.slice(table),
  ]
}
