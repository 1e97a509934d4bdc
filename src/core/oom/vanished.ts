/** @module "My process is gone": from what a host's logs and counters say, who did it, or why that cannot be told. */
import type { Explanation } from './explain.ts'
import type { Killer, KillMessage, LossNotice, Said } from './silent.ts'

/** Whom is asked for. */
export type Target =
  | { readonly kind: 'pid'; readonly pid: number }
  | { readonly kind: 'unit'; readonly unit: string }
  | { readonly kind: 'name'; readonly name: string }

/** The kernel cuts names (TASK_COMM_LEN, include/linux/sched.h). */
const COMM_LENGTH = 15

export function parseTarget(text: string): Target {
  if (/^\d+$/.test(text)) return { kind: 'pid', pid: Number(text) }
  if (/\.(?:service|scope|slice|socket|mount)$/.test(text)) return { kind: 'unit', unit: text }
  return { kind: 'name', name: text }
}

function isName(target: Target, comm: string | null): boolean {
  return target.kind === 'name' && comm !== null && comm === target.name.slice(0, COMM_LENGTH)
}

/** A unit's name is one part of its cgroup's path; a name's service is likely its own. */
function isGroup(target: Target, group: string | null): boolean {
  if (group === null || target.kind === 'pid') return false
  const parts = group.split('/')
  return target.kind === 'unit'
    ? parts.includes(target.unit)
    : parts.includes(target.name) || parts.includes(`${target.name}.service`)
}

/** Whether the kernel's report kills the target. */
export function isKilledIn(target: Target, { report }: Explanation): boolean {
  if (report.killed.some(({ pid, comm }) => isName(target, comm) || isPid(target, pid))) return true
  return target.kind === 'unit' && isGroup(target, report.taskMemcg) && report.killed.length > 0
}

function isPid(target: Target, pid: number | null): boolean {
  return target.kind === 'pid' && pid === target.pid
}

/** Whether a message is about the target: it names it, or, of one that died by itself, it is from it. */
export function isAbout(target: Target, message: KillMessage, { by }: Said): boolean {
  if (message.killer === 'itself') {
    return by !== null && (isName(target, by.comm) || isPid(target, by.pid))
  }
  return (
    isPid(target, message.pid) || isName(target, message.comm) || isGroup(target, message.group)
  )
}

export interface Place {
  readonly log: string
  readonly line: number
}

/** What was found in logs and on the host. */
export interface VanishedEvidence {
  readonly target: Target
  readonly kernelKills: readonly {
    readonly place: Place
    readonly uptimeSec: number | null
    readonly sentence: string
  }[]
  readonly messages: readonly { readonly place: Place; readonly message: KillMessage }[]
  readonly losses: readonly { readonly place: Place; readonly notice: LossNotice }[]
  /** Kills in the kernel's reports of this boot, whoever died. */
  readonly reportedKills: number
  /** `systemctl show`: the unit's last result and how its main process ended; `null` where it is not known. */
  readonly unit: {
    readonly result: string
    readonly exitCode: string
    readonly exitStatus: string
  } | null
  /** `oom_kill` of the unit's memory.events. */
  readonly groupKills: number | null
  /** `oom_kill` of /proc/vmstat: all kills since boot. */
  readonly hostKills: number | null
  /** Files of a crash before this boot (pstore). */
  readonly crashFiles: readonly string[]
  readonly looked: readonly string[]
  /** What could not be read, and why. */
  readonly unread: readonly string[]
}

export interface Finding {
  readonly killer: Killer
  readonly sentence: string
  readonly place: Place | null
}

export interface VanishedAnswer {
  /** Most certain first; empty where nothing says who did it. */
  readonly findings: readonly Finding[]
  /** Why the logs may not show all. */
  readonly doubts: readonly string[]
}

function fromUnit({ unit, groupKills }: VanishedEvidence): readonly Finding[] {
  const found: Finding[] = []
  if (unit?.result === 'oom-kill') {
    const sentence =
      'systemd says Result=oom-kill: the kernel, or systemd-oomd, killed in this unit for memory'
    found.push({ killer: 'kernel', place: null, sentence })
  } else if (groupKills !== null && groupKills > 0) {
    const sentence = `memory.events of its group counts ${groupKills} kills: the kernel killed in it, whatever the log shows`
    found.push({ killer: 'kernel', place: null, sentence })
  }
  if (unit !== null && ['watchdog', 'timeout'].includes(unit.result)) {
    const sentence = `systemd says Result=${unit.result}: it did not answer or end in time`
    found.push({ killer: 'systemd', place: null, sentence })
  }
  return found
}

function doubtsOf(e: VanishedEvidence): readonly string[] {
  const { unit, hostKills, reportedKills, losses, crashFiles, unread } = e
  const lost = [...new Set(losses.map(({ notice }) => notice.lost))]
  return [
    ...(unit?.result === 'signal'
      ? [
          `systemd says that signal ${unit.exitStatus} ended it (Result=signal): whoever may send signals may have, and the kernel says nothing of that`,
        ]
      : []),
    ...(unit?.result === 'exit-code'
      ? [
          `it ended by itself, with exit code ${unit.exitStatus}; 137 is what shells say of signal 9`,
        ]
      : []),
    ...(hostKills !== null && hostKills > reportedKills
      ? [
          `the kernel counts ${hostKills} kills for memory since boot, the logs show ${reportedKills}: some left no message (an exiting victim, a group kill, a lost message)`,
        ]
      : []),
    ...lost.map((what) => `messages of the ${what} log were lost`),
    ...(crashFiles.length > 0
      ? [`the machine crashed before: ${crashFiles.join(', ')} in /sys/fs/pstore may say why`]
      : []),
    ...unread,
  ]
}

/** Who did it, as far as the evidence goes. */
export function judgeVanished(evidence: VanishedEvidence): VanishedAnswer {
  const { kernelKills, messages } = evidence
  const findings: readonly Finding[] = [
    ...kernelKills.map(
      ({ place, sentence }): Finding => ({ killer: 'kernel', place, sentence: `${sentence}` }),
    ),
    ...messages.map(
      ({ place, message }): Finding => ({
        killer: message.killer,
        place,
        sentence: `${message.killer === 'itself' ? 'it died by itself' : `killed by ${message.killer}`}: ${message.why}`,
      }),
    ),
    ...(kernelKills.length === 0 ? fromUnit(evidence) : []),
  ]
  return { findings, doubts: doubtsOf(evidence) }
}
