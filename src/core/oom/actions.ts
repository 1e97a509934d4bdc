/** @module What to do next: at most three commands or settings for each cause. */
import { shellQuote } from '../../base/escape.ts'
import type { OomReport } from './records.ts'
import type { Verdict } from './verdict.ts'

const MAX_ACTIONS = 3

/** A unit's name in a cgroup's path, the innermost one. */
function unitOf(path: string | null): string | null {
  return (
    path?.match(/([\w@.\\-]+\.(?:service|scope|slice))(?!.*\.(?:service|scope|slice))/)?.[1] ?? null
  )
}

function forLeak(report: OomReport, culprit: string | null): readonly string[] {
  // The report names the group of who was selected, of nobody else.
  const isVictim = report.killed.some(({ comm }) => comm === culprit)
  const unit = isVictim ? unitOf(report.taskMemcg) : null
  const name = culprit ?? 'the process'
  return [
    `see whether ${name} leaks: plimsoll watch --filter ${shellQuote(culprit ?? 'NAME')}`,
    unit === null
      ? `give ${name} a limit of its own: a unit with MemoryMax=`
      : `give it a limit of its own: systemctl set-property ${shellQuote(unit)} MemoryMax=...`,
  ]
}

/** Not what else may fill a group: its page cache, its kernel memory. */
function isProcess({ tasks, killed }: OomReport, culprit: string | null): boolean {
  return [...killed, ...tasks].some(({ comm }) => comm === culprit)
}

/** cgroup v1 accounts memory+swap and kernel memory apart, and names its files otherwise (memory.rst of v1). */
function isVersion1({ memcgUsage }: OomReport): boolean {
  return memcgUsage['memory+swap'] !== undefined || memcgUsage.kmem !== undefined
}

function forGroup(report: OomReport): readonly string[] {
  const group = report.oomMemcg ?? report.taskMemcg ?? '/GROUP'
  return isVersion1(report)
    ? [
        `see what fills it: cat ${shellQuote(`/sys/fs/cgroup/memory${group}/memory.stat`)}`,
        'raise memory.limit_in_bytes of the group (cgroup v1), or have it use less',
      ]
    : [
        `see what fills it: cat ${shellQuote(`/sys/fs/cgroup${group}/memory.stat`)}`,
        'raise memory.max, or memory.high below it so that it is slowed before it is killed',
      ]
}

/** A crash kernel, or one that has not started any program yet. */
function isBoot({ trigger }: OomReport): boolean {
  return trigger?.comm.startsWith('swapper/') === true
}

const FOR_BOOT = [
  'give this kernel more memory: crashkernel=... where it is the crash kernel, mem= where that bounds it',
]
const FOR_LOW_MEMORY = [
  'run a 64-bit kernel: a 32-bit one can use little of the memory for itself',
  'keep more of the low zones free: sysctl vm.lowmem_reserve_ratio and vm.min_free_kbytes',
]

function actionsOf(
  report: OomReport,
  { culprit }: Verdict,
  usual: readonly string[],
): readonly string[] {
  if (isBoot(report)) return FOR_BOOT
  // 32-bit: the zones that the kernel can use for itself are full.
  return culprit?.endsWith(' in low memory') === true ? FOR_LOW_MEMORY : usual
}

/** @returns sentences, each with a command or a setting */
export function actionsFor(report: OomReport, verdict: Verdict): readonly string[] {
  const all: Readonly<Record<Verdict['cause'], readonly string[]>> = {
    'process-leak': forLeak(report, verdict.culprit),
    'many-processes': [
      `bound how many ${verdict.culprit ?? 'processes'} there may be (max_children, workers, TasksMax=)`,
      'keep what must live out of the choice: OOMScoreAdjust=-900 in its unit',
    ],
    shmem: [
      'see which files: df -t tmpfs; du -x /dev/shm /tmp /run',
      'bound them: mount -o remount,size=... PATH',
    ],
    'kernel-memory': ['see which objects: slabtop -o -s c', 'see their growth: plimsoll watch'],
    hugetlb: [
      'see what is set aside: grep Huge /proc/meminfo',
      'lower it: sysctl vm.nr_hugepages=...',
    ],
    'cgroup-limit': [
      ...forGroup(report),
      ...(isProcess(report, verdict.culprit) ? forLeak(report, verdict.culprit).slice(0, 1) : []),
    ],
    'page-cache': [
      'write dirty pages back sooner: sysctl vm.dirty_background_ratio=5',
      'see how fast the disk is: iostat -x 1',
    ],
    fragmentation: [
      'keep more pages free: sysctl vm.min_free_kbytes=...',
      'compact now: echo 1 > /proc/sys/vm/compact_memory',
    ],
    constraint: ['let it use more nodes: cpuset.mems of its group', 'see each node: numastat -m'],
    manual: ['see who asked: the log before the report (sysrq: Manual OOM execution)'],
    'not-a-shortage': [
      'update the kernel: its accounting or its group charge failed',
      'set vm.panic_on_oom=0 if it panicked',
    ],
    unaccounted: [
      'see what takes pages without counters: drivers (GPU, balloon), zram, vmalloc: /proc/vmallocinfo',
      'on 6.10 and later: sort -g /proc/allocinfo',
    ],
    unknown: [
      'get the whole log: journalctl -k -b, or dmesg, from where it says "invoked oom-killer"',
    ],
  }
  const extra =
    report.panic?.includes('panic_on_oom') === true
      ? ['the machine panicked on purpose: sysctl vm.panic_on_oom=0']
      : []
  return [...actionsOf(report, verdict, all[verdict.cause]), ...extra].slice(0, MAX_ACTIONS)
}
