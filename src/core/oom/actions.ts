/** @module What to do next: at most three commands or settings for each cause. */
import { shellQuote } from '../../base/escape.ts'
import { judgeKind } from './kind.ts'
import type { OomReport } from './records.ts'
import type { Verdict } from './verdict.ts'

const MAX_ACTIONS = 3

/** A sentence, and the command that does it; `null` where it is a setting that the sentence names. */
export interface Action {
  readonly words: string
  readonly command: string | null
}

function run(words: string, command: string): Action {
  return { words, command }
}

function set(words: string): Action {
  return { words, command: null }
}

/** As one line of text. */
export function sayAction({ words, command }: Action): string {
  return command === null ? words : `${words}: ${command}`
}

/** All that somebody who logged in runs: a limit for one program does not belong there. */
const OF_A_LOGIN = /^(?:session-[^/]*\.scope|user(?:-\d+)?\.slice)$/

/** A unit's name in a cgroup's path, the innermost one. */
function unitOf(path: string | null): string | null {
  return (
    path?.match(/([\w@.\\-]+\.(?:service|scope|slice))(?!.*\.(?:service|scope|slice))/)?.[1] ?? null
  )
}

function leakCheck(culprit: string | null): Action {
  const [name, filter] = [culprit ?? 'the process', shellQuote(culprit ?? 'NAME')]
  return run(`see whether ${name} leaks`, `plimsoll watch --filter ${filter}`)
}

function forLeak(report: OomReport, culprit: string | null): readonly Action[] {
  // The report names the group of who was selected, of nobody else.
  const isVictim = report.killed.some(({ comm }) => comm === culprit)
  const unit = isVictim ? unitOf(report.taskMemcg) : null
  const isOwn = unit !== null && !OF_A_LOGIN.test(unit)
  const name = culprit ?? 'the process'
  return [
    leakCheck(culprit),
    run(
      `give ${name} a limit of its own`,
      isOwn
        ? `systemctl set-property ${shellQuote(unit)} MemoryMax=...`
        : 'systemd-run --property=MemoryMax=... COMMAND',
    ),
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

/** Who made the group sets its limit again: the change has to be made there. */
function raiseLimit(group: string, limitFile: string): Action {
  if (group.includes('kubepods')) {
    return set("raise resources.limits.memory of the pod's container")
  }
  const container = /docker[/-]([0-9a-f]{12})[0-9a-f]{52}/.exec(group)?.[1]
  if (container !== undefined) {
    return run('raise its limit', `docker update --memory=... --memory-swap=... ${container}`)
  }
  const unit = unitOf(group)
  return unit === null
    ? run('raise its limit', `echo BYTES > ${shellQuote(limitFile)}`)
    : run('raise its limit', `systemctl set-property ${shellQuote(unit)} MemoryMax=...`)
}

function forGroup(report: OomReport): readonly Action[] {
  const group = report.oomMemcg ?? report.taskMemcg ?? '/GROUP'
  const [folder, limit] = isVersion1(report)
    ? [`/sys/fs/cgroup/memory${group}`, 'memory.limit_in_bytes']
    : [`/sys/fs/cgroup${group}`, 'memory.max']
  return [
    run('see what fills it', `cat ${shellQuote(`${folder}/memory.stat`)}`),
    raiseLimit(group, `${folder}/${limit}`),
  ]
}

/** A crash kernel, or one that has not started any program yet. */
function isBoot({ trigger }: OomReport): boolean {
  return trigger?.comm.startsWith('swapper/') === true
}

const FOR_BOOT = [
  set(
    'give this kernel more memory: crashkernel=... where it is the crash kernel, or a larger mem=',
  ),
]
const FOR_LOW_MEMORY = [
  set('run a 64-bit kernel: a 32-bit one can use little of the memory for itself'),
  run('keep more of each zone free', 'sysctl vm.min_free_kbytes=...'),
]

function actionsOf(
  report: OomReport,
  { culprit }: Verdict,
  usual: readonly Action[],
): readonly Action[] {
  if (isBoot(report)) return FOR_BOOT
  // 32-bit: the zones that the kernel can use for itself are full.
  return culprit?.endsWith(' in low memory') === true ? FOR_LOW_MEMORY : usual
}

/** Each with a command or a setting, the most useful first. */
export function actionsFor(report: OomReport, verdict: Verdict): readonly Action[] {
  const all: Readonly<Record<Verdict['cause'], readonly Action[]>> = {
    'process-leak': forLeak(report, verdict.culprit),
    'many-processes': [
      set(
        `bound how many ${verdict.culprit ?? 'processes'} there may be: its number of workers, or TasksMax= of its unit`,
      ),
      set('keep what must live out of the choice: OOMScoreAdjust=-900 in its unit'),
    ],
    shmem: [
      run('see which files', 'df -h -t tmpfs; du -xsh /dev/shm /tmp /run'),
      run('see System V segments', 'ipcs -m -p'),
      run('bound a tmpfs', 'mount -o remount,size=... /dev/shm'),
    ],
    'kernel-memory': [
      run('see which objects', 'slabtop -o -s c'),
      run('see their growth', 'plimsoll watch'),
    ],
    hugetlb: [
      run('see what is set aside', 'grep Huge /proc/meminfo'),
      run('lower it', 'sysctl vm.nr_hugepages=...'),
    ],
    'cgroup-limit': [
      ...forGroup(report),
      ...(isProcess(report, verdict.culprit) ? [leakCheck(verdict.culprit)] : []),
    ],
    'page-cache': [
      run('write dirty pages back sooner', 'sysctl vm.dirty_background_ratio=5'),
      run('see how fast the disk is', 'iostat -x 1'),
    ],
    fragmentation: [
      run('keep more pages free', 'sysctl vm.min_free_kbytes=...'),
      run('make large blocks now', 'echo 1 > /proc/sys/vm/compact_memory'),
    ],
    constraint: [
      set('let it use more nodes: cpuset.mems of its group'),
      run('see each node', 'numastat -m'),
    ],
    manual:
      judgeKind(report) === 'sysrq'
        ? [
            run('see when it was asked for', 'journalctl -k -g sysrq'),
            run('forbid it on keyboard and console', 'sysctl kernel.sysrq=176'),
          ]
        : [run('see which BPF programs may choose', 'bpftool prog show')],
    'not-a-shortage': [set('update the kernel: its accounting, or its charge to a group, failed')],
    unaccounted: [
      run("see the kernel's large mappings", 'sort -nrk2 /proc/vmallocinfo | head'),
      run('see compressed swap', 'zramctl'),
      run('on 6.10 and later, see who allocated', 'sort -g /proc/allocinfo | tail'),
    ],
    unknown: [run('get the whole log, from "invoked oom-killer" on', 'journalctl -k -b')],
  }
  const onPurpose =
    report.panic?.includes('panic_on_oom') === true
      ? [run('the machine panicked on purpose; forbid that', 'sysctl vm.panic_on_oom=0')]
      : []
  const usual = actionsOf(report, verdict, all[verdict.cause])
  return [...usual.slice(0, MAX_ACTIONS - onPurpose.length), ...onPurpose]
}
