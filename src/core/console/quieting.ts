/**
 * @module What takes the slow consoles out of the way of an OOM report, and what it loses: the least that
 * this host allows. Never more verbose than its owner set it.
 */
import type { RegisteredConsole } from './consoles.ts'
import { kindOf } from './consoles.ts'
import { isShown } from './printk.ts'
import type { PrintkSetting } from './records.ts'

/** The two of kernel.printk's numbers that are changed; the others stay as they are. */
export interface Levels {
  readonly consoleLevel: number
  readonly defaultLevel: number
}

export type Quieting =
  | { readonly remedy: 'none'; readonly why: string }
  /**
   * `bulk`: lines without a level, and those of information, leave the consoles; warnings stay. `level`:
   * errors and worse stay.
   */
  | { readonly remedy: 'bulk' | 'level'; readonly set: Levels; readonly loses: string }
  /** One UART leaves printk; every other console keeps all. */
  | { readonly remedy: 'detach'; readonly console: string; readonly loses: string }

export interface QuietingHost {
  readonly consoles: readonly RegisteredConsole[]
  /** As the owner has it. */
  readonly printk: PrintkSetting
  /** PREEMPT_RT: a thread prints for all consoles. */
  readonly isRealtime: boolean
  /** Whether some log on disk keeps lines of level 7 (debug). */
  readonly log: 'keeps-debug' | 'drops-debug' | 'unknown'
  /** UARTs with a /sys/class/tty/NAME/console. */
  readonly detachable: readonly string[]
}

/** The report's table of tasks has it, and on 5.10 part of its memory (report.ts). */
const INFO = 6
/** Header and kill line stay: they are warning (4) and error (3) in every version. */
const KEEP_WARNINGS = 5
const KEEP_ERRORS = 4
const DEBUG = 7

/** Whether whoever prints waits for a line on it. What a screen or the network takes is no danger. */
function isSlow({ name, isEnabled, isNbcon }: RegisteredConsole): boolean {
  const kind = kindOf(name)
  return isEnabled && !isNbcon && kind !== 'screen' && kind !== 'network'
}

/** With only this one gone: does a panic, and /dev/console, still have somewhere to go? */
function isCarriedWithout(name: string, consoles: readonly RegisteredConsole[]): boolean {
  return consoles.some(
    (other) => other.name !== name && other.isEnabled && kindOf(other.name) !== 'network',
  )
}

/** Levels with which the consoles show no more than now, and at most what is below `least`. */
function lower(printk: PrintkSetting, least: number, defaultLevel: number): Levels {
  return {
    consoleLevel: Math.min(printk.consoleLevel, least),
    defaultLevel: Math.max(printk.defaultLevel, defaultLevel),
  }
}

function name(consoles: readonly RegisteredConsole[]): string {
  return consoles.map((console) => console.name).join(' and ')
}

function none(why: string): Quieting {
  return { remedy: 'none', why }
}

export function planQuieting(host: QuietingHost): Quieting {
  const { consoles, printk, log } = host
  const slow = consoles.filter(isSlow)
  if (host.isRealtime) return none('this kernel is PREEMPT_RT: nobody waits for its consoles')
  if (slow.length === 0) return none('it has no console that whoever prints waits for')
  // Levels do not help then, and a UART that comes back would print the whole log again, in any silence.
  if (printk.ignoresLevel) return none('printk.ignore_loglevel is set, so that levels do not count')
  if (!isShown('default', printk) && !isShown(INFO, printk)) {
    return none(`kernel.printk is quiet as it is: ${printk.consoleLevel} ${printk.defaultLevel}`)
  }
  const [only] = slow
  const canDetach =
    only !== undefined &&
    slow.length === 1 &&
    host.detachable.includes(only.name) &&
    isCarriedWithout(only.name, consoles)
  const bulk = lower(printk, KEEP_WARNINGS, DEBUG)
  const noLevel = `lines of level info, and those without a level, on ${name(consoles)}`
  if (log !== 'drops-debug') {
    const doubt =
      log === 'unknown' ? '; whether a log on disk keeps lines of level debug is not known' : ''
    return { remedy: 'bulk', set: bulk, loses: `${noLevel}${doubt}` }
  }
  if (!consoles.some((console) => kindOf(console.name) === 'network')) {
    const set = lower(printk, KEEP_ERRORS, KEEP_ERRORS)
    return { remedy: 'level', set, loses: `warnings and less on ${name(consoles)}` }
  }
  if (canDetach) {
    const loses = `all kernel messages on ${only.name}; other consoles keep theirs`
    return { remedy: 'detach', console: only.name, loses }
  }
  return { remedy: 'bulk', set: bulk, loses: `${noLevel}, and in logs that drop level debug` }
}
