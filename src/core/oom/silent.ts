/**
 * @module Who else kills for memory, or dies of it, by their own messages; and notices that messages were lost. The
 * kernel's own kills are reports (read.ts). Each pattern is a format string of the program that is named beside it.
 */

export type Killer =
  | 'systemd-oomd'
  | 'earlyoom'
  | 'nohang'
  | 'oomd'
  | 'kubelet'
  | 'lmkd'
  | 'slurm'
  | 'pm2'
  | 'systemd'
  | 'kernel'
  | 'itself'

/** One message that says who killed whom. */
export interface KillMessage {
  readonly killer: Killer
  readonly pid: number | null
  readonly comm: string | null
  /** Of a unit, a cgroup or a pod: killed as a whole. */
  readonly group: string | null
  /** In words. */
  readonly why: string
}

/** A notice that a log lacks messages. */
export interface LossNotice {
  readonly lost: 'kernel' | 'journal' | 'syslog'
}

type Groups = Readonly<Record<string, string | undefined>>

interface Pattern {
  readonly killer: Killer
  readonly pattern: RegExp
  readonly why: string | ((groups: Groups) => string)
}

const PATTERNS: readonly Pattern[] = [
  {
    // systemd, src/oom/oomd-manager.c: monitor_memory_pressure_contexts_handler
    killer: 'systemd-oomd',
    pattern:
      /^(?:Killed|Marked) (?<group>\/\S+) (?:for killing )?due to memory pressure for (?<of>\S+) being (?<level>[\d.]+%)/,
    why: ({ of, level }) => `memory pressure of ${of} was ${level}`,
  },
  {
    // The same file: monitor_swap_contexts_handler
    killer: 'systemd-oomd',
    pattern:
      /^(?:Killed|Marked) (?<group>\/\S+) (?:for killing )?due to memory used .* and swap used/,
    why: 'memory and swap were used up',
  },
  {
    // systemd, src/core/unit.c: unit_check_oomd_kill
    killer: 'systemd-oomd',
    pattern: /^(?<group>\S+): systemd-oomd killed \d+ process\(es\) in this unit/,
    why: 'the unit or one above it was under memory pressure',
  },
  {
    // The same file, unit_check_oom: before 253, and since
    killer: 'kernel',
    pattern:
      /^(?<group>\S+): (?:A process of this unit has been killed by the OOM killer|The kernel OOM killer killed some processes in this unit)/,
    why: 'the counter of the group rose',
  },
  {
    // src/core/service.c: service_enter_dead
    killer: 'kernel',
    pattern: /^(?<group>\S+): Failed with result 'oom-kill'/,
    why: 'systemd saw a kill for memory in it',
  },
  {
    // src/core/service.c: the ends of a unit that was given its time
    killer: 'systemd',
    pattern: /^(?<group>\S+): (?:State '\S+' timed out\. Killing|Watchdog timeout)/,
    why: 'it did not answer or end in time',
  },
  {
    killer: 'systemd',
    pattern: /^(?<group>\S+): Killing process (?<pid>\d+) \((?<comm>.+?)\) with signal SIGKILL/,
    why: 'its unit was stopped, and it had not ended',
  },
  {
    // earlyoom, kill.c: kill_process; "badness" before 1.7, "oom_score" since
    killer: 'earlyoom',
    pattern:
      /^sending (?<signal>SIG\w+) to process (?<pid>\d+)(?: uid \d+)? "(?<comm>.+?)": (?:badness|oom_score) (?<score>-?\d+)/,
    why: ({ signal, score }) => `memory was low; ${signal}, score ${score}`,
  },
  {
    // oomd (Meta), BaseKillPlugin.cpp: logKill, to kmsg
    killer: 'oomd',
    pattern: /^oomd kill: (?:[\d.]+ ){3}(?<group>\S+)/,
    why: 'its rules for pressure or swap applied',
  },
  {
    // Kubernetes, pkg/kubelet/eviction/helpers.go: nodeLowMessageFmt
    killer: 'kubelet',
    pattern: /The node was low on resource: memory\b(?:.*?Container (?<group>[\w.-]+) was using)?/,
    why: 'the node was low on memory: the pod was evicted',
  },
  {
    // pkg/kubelet/eviction/eviction_manager.go
    killer: 'kubelet',
    pattern:
      /[Ee]viction manager: pod (?:\S+ )?is evicted successfully"? ?(?:pod="(?<group>[^"]+)")?/,
    why: 'the node was low on a resource: the pod was evicted',
  },
  {
    // Android, system/memory/lmkd/lmkd.cpp: kill_one_process
    killer: 'lmkd',
    pattern: /^Kill '(?<comm>.+?)' \((?<pid>\d+)\), uid \d+, oom_score_adj (?<score>-?\d+)/,
    why: ({ score }) => `memory pressure; oom_score_adj ${score}`,
  },
  {
    // Kernels before 4.12, drivers/staging/android/lowmemorykiller.c
    killer: 'lmkd',
    pattern: /^(?:lowmemorykiller: )?Killing '(?<comm>.+?)' \((?<pid>\d+)\), adj (?<score>-?\d+)/,
    why: ({ score }) => `page cache was low; adj ${score}`,
  },
  {
    // Slurm, src/plugins/jobacct_gather, jobacct_gather_handle_mem_limit
    killer: 'slurm',
    pattern: /(?<group>(?:StepId=|Step |Job )\S+) exceeded (?:\w+ )?memory limit/,
    why: 'the job was above its limit',
  },
  {
    // src/plugins/task/cgroup/task_cgroup_memory.c
    killer: 'kernel',
    pattern: /Detected \d+ oom[_-]kill event(?:\(s\)|s)? in (?<group>\S+?)\.?(?:\s|$)/,
    why: "the job's group was at its limit",
  },
  {
    // PM2, lib/Worker.js
    killer: 'pm2',
    pattern: /Process (?<group>\S+) restarted because it exceeds --max-memory-restart/,
    why: 'it was above max_memory_restart',
  },
  {
    // V8: FatalProcessOutOfMemory; Node exits by SIGABRT
    killer: 'itself',
    pattern: /^FATAL ERROR: .*(?:heap out of memory|Allocation failed)/,
    why: "V8's heap was at its limit (--max-old-space-size): it aborted",
  },
  {
    killer: 'itself',
    pattern: /java\.lang\.OutOfMemoryError: (?<of>[\w ]+)/,
    why: ({ of }) => `Java ran out of ${of}: its own limit, not the machine's`,
  },
  {
    // Go, runtime/malloc.go and mem_linux.go
    killer: 'itself',
    pattern: /^fatal error: (?:runtime: )?(?:out of memory|cannot allocate memory)/,
    why: 'it got no more memory from the kernel and aborted',
  },
  {
    killer: 'itself',
    pattern: /terminate called after throwing an instance of 'std::bad_alloc'/,
    why: 'it got no more memory from the kernel and aborted',
  },
]

const LOSSES: readonly (readonly [LossNotice['lost'], RegExp])[] = [
  // journald-rate-limit.c; journald-kmsg.c
  ['journal', /^Suppressed \d+ messages from /],
  ['kernel', /^\/dev\/kmsg buffer overrun, some messages lost/],
  ['kernel', /^Missed \d+ kernel messages/],
  // kernel/printk/printk.c, lib/ratelimit.c
  ['kernel', /^\*\* \d+ printk messages dropped \*\*/],
  ['kernel', /(?:oom_kill_process|pagefault_out_of_memory|dump_header): \d+ callbacks suppressed/],
  ['kernel', /^printk: \d+ messages suppressed/],
  // rsyslog: plugins/imuxsock, plugins/imjournal
  ['syslog', /imuxsock.* lost \d+ messages/],
  ['syslog', /imjournal: .*\d+ messages lost/],
]

/** Whatever is recognised has one of these words. */
const WORDS =
  /kill|memory|SIG|PID:|evict|lost|suppress|missed|dropped|result|timed out|timeout|bad_alloc/i

/** Whether it is worth to look closer: most lines of a log are not. */
export function mayMatter(line: string): boolean {
  return WORDS.test(line)
}

export function recogniseKill(text: string): KillMessage | undefined {
  for (const { killer, pattern, why } of PATTERNS) {
    const match = pattern.exec(text)
    if (match === null) continue
    const groups: Groups = match.groups ?? {}
    return {
      killer,
      pid: groups.pid === undefined ? null : Number(groups.pid),
      comm: groups.comm ?? null,
      group: groups.group ?? null,
      why: typeof why === 'string' ? why : why(groups),
    }
  }
  return undefined
}

export function recogniseLoss(text: string): LossNotice | undefined {
  const found = LOSSES.find(([, pattern]) => pattern.test(text))
  return found === undefined ? undefined : { lost: found[0] }
}

export interface Said {
  /** Of the program that wrote it, where the line says. */
  readonly by: { readonly comm: string; readonly pid: number | null } | null
  readonly text: string
}

/** `Jun 20 12:47:02 host earlyoom[812]: text`, as syslog and journalctl write it. */
const IDENTIFIED =
  /^(?:<\d+>)?(?:\d{4}-\d\d-\d\dT\S+|\p{L}{3,5}\.? +\d{1,2} [\d:.]+|\[ *[\d.]+\]) (?:\S+ )?(?<comm>[^\s:[\]]+(?: [^\s:[\]]+)?)(?:\[(?<pid>\d+)\])?: (?<text>.*)$/u

/** Takes a line of a log apart: who says it, and what. */
export function whoSays(line: string): Said {
  const groups = IDENTIFIED.exec(line)?.groups
  if (groups === undefined) {
    return { by: null, text: line.replace(/^(?:<\d+>)?(?:\[ *[\d.]+\] ?)?/, '') }
  }
  const pid = groups.pid === undefined ? null : Number(groups.pid)
  const text = (groups.text ?? '').replace(/^\[ *[\d.]+\] /, '')
  return { by: { comm: groups.comm ?? '', pid }, text }
}
