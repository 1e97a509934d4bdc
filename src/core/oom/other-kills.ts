/**
 * @module Kills in a log that the kernel's OOM killer did not do: those of programs that kill for memory, by their own
 * messages. Where the kernel's own lines are missing, what systemd says of them counts, too.
 */
import type { Killer, KillMessage } from './silent.ts'
import { mayMatter, recogniseKill } from './silent.ts'

export interface OtherKill extends KillMessage {
  readonly line: number
}

/** nohang tells on several lines whom it chose and what it did (src/nohang: find_victim, implement_corrective_action). */
const NOHANG_VICTIM = /^\s*PID: +(\d+), name: (.{1,64}?), (?:badness|state): /
const NOHANG_ACTION = /(?:^|: )\s*Sending (SIG\w+) to the victim/

/** As recogniseKill, for the lines of one log in their order. */
export function createKillRecogniser(): (text: string) => KillMessage | undefined {
  let victim: { readonly pid: number; readonly comm: string } | null = null
  return (text) => {
    const chosen = NOHANG_VICTIM.exec(text)
    if (chosen !== null) {
      victim = { pid: Number(chosen[1]), comm: chosen[2] as string }
      return undefined
    }
    const action = NOHANG_ACTION.exec(text)
    if (action === null) return recogniseKill(text)
    return {
      killer: 'nohang',
      pid: victim?.pid ?? null,
      comm: victim?.comm ?? null,
      group: null,
      why: `memory or swap was low, or pressure high; ${action[1]}`,
    }
  }
}

const PROGRAMS: ReadonlySet<Killer> = new Set([
  'systemd-oomd',
  'earlyoom',
  'nohang',
  'oomd',
  'kubelet',
  'lmkd',
  'slurm',
  'pm2',
])
/** `earlyoom[812]: text`; a host's name and time are off already. */
const TAG = /^(?:[^\s:[\]]+(?: [^\s:[\]]+)?(?:\[\d+\])?: )?(.*)$/
/** Of one log: a storm of a killer may go on for days. */
const MAX_KILLS = 1000
/** systemd says once more what systemd-oomd says, within so many lines. */
const SAME_LINES = 200

function isSame(a: OtherKill, b: OtherKill): boolean {
  // systemd gives a unit that systemd-oomd killed the result oom-kill, too.
  const isOneKiller =
    a.killer === b.killer || (a.killer === 'systemd-oomd' && b.killer === 'kernel')
  if (!isOneKiller || Math.abs(a.line - b.line) > SAME_LINES) return false
  if (a.pid !== null || b.pid !== null) return false
  const [long = '', short = ''] = [a.group ?? '', b.group ?? ''].sort((x, y) => y.length - x.length)
  return long === short || (short !== '' && long.endsWith(`/${short}`))
}

export interface OtherKills {
  /** @param text a line that is none of a kernel's report, without time and host */
  say(text: string, line: number): void
  /** @param hasReports whether the log has the kernel's own: then what systemd says of them is no news */
  all(hasReports: boolean): readonly OtherKill[]
}

export function createOtherKills(): OtherKills {
  const recognise = createKillRecogniser()
  const kills: OtherKill[] = []
  return {
    say(text, line) {
      if (!mayMatter(text) || kills.length >= MAX_KILLS) return
      const message = recognise(TAG.exec(text)?.[1] ?? text) ?? recogniseKill(text)
      if (message === undefined) return
      if (!PROGRAMS.has(message.killer) && message.killer !== 'kernel') return
      const kill: OtherKill = { ...message, line }
      if (!kills.some((other) => isSame(other, kill))) kills.push(kill)
    },
    all: (hasReports) => kills.filter(({ killer }) => !hasReports || killer !== 'kernel'),
  }
}

/** In words: `systemd-oomd killed /a.scope: memory pressure of / was 60 %`. */
export function describeOtherKill({ killer, comm, pid, group, why }: OtherKill): string {
  const who = comm === null ? group : pid === null ? comm : `${comm} (${pid})`
  const by = killer === 'kernel' ? 'the kernel' : killer
  return `${by} killed ${who ?? 'a process'}: ${why}`
}
