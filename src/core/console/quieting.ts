/**
 * @module What takes the slow consoles out of the way of an OOM report, and what it loses: the least that
 * this host allows. Never more verbose than its owner set it.
 */
import type { ConsoleArgument, RegisteredConsole } from './consoles.ts'
import { isSynchronous, kindOf, parseLineOptions } from './consoles.ts'
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

export interface QuietingConsole {
  readonly name: string
  /** Whoever prints waits for it. */
  readonly isSlow: boolean
  /** It waits for a handshake, up to a second for each byte that nobody takes. */
  readonly hasFlowControl: boolean
}

export interface QuietingHost {
  /** Those that are enabled. */
  readonly consoles: readonly QuietingConsole[]
  /** As the owner has it. */
  readonly printk: PrintkSetting
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

/** What a screen or the network takes is no danger. */
export function quietingConsoles(
  all: readonly RegisteredConsole[],
  given: readonly ConsoleArgument[],
  isRealtime: boolean,
): readonly QuietingConsole[] {
  const enabled = all.filter(({ isEnabled }) => isEnabled)
  return enabled.map((one) => {
    const kind = kindOf(one.name)
    const options = given.findLast(({ name }) => name === one.name)?.options ?? ''
    return {
      name: one.name,
      isSlow: isSynchronous(one, enabled, isRealtime) && kind !== 'screen' && kind !== 'network',
      hasFlowControl: kind === 'uart' && parseLineOptions(options).hasFlowControl,
    }
  })
}

/** Without these: does a panic, and /dev/console, still have somewhere to go? */
export function isCarriedWithout(
  names: readonly string[],
  consoles: readonly { readonly name: string }[],
): boolean {
  return consoles.some(({ name }) => !names.includes(name) && kindOf(name) !== 'network')
}

/** Levels with which the consoles show no more than now, and at most what is below `least`. */
function lower(printk: PrintkSetting, least: number, defaultLevel: number): Levels {
  return {
    consoleLevel: Math.min(printk.consoleLevel, least),
    defaultLevel: Math.max(printk.defaultLevel, defaultLevel),
  }
}

export type LeastLoss =
  | { readonly remedy: 'none'; readonly why: string }
  | { readonly remedy: 'bulk' | 'level' | 'detach' }

/**
 * The one order of remedies, for the console guard and for what the doctor proposes. It differs in one thing. For moments
 * the bulk may leave netconsole too: dmesg has it, and the line keeps header and kill line. For good that would be
 * the end of the network's copy, and the line goes.
 */
export function leastLoss(host: QuietingHost, lasts: 'moments' | 'for-good'): LeastLoss {
  const { consoles, printk, log } = host
  const none = (why: string): LeastLoss => ({ remedy: 'none', why })
  const slow = consoles.filter(({ isSlow }) => isSlow)
  if (slow.length === 0) return none('it has no console that whoever prints waits for')
  // Levels do not help then, and a UART that comes back would print the whole log again, in any silence.
  if (printk.ignoresLevel) return none('printk.ignore_loglevel is set, so that levels do not count')
  if (!isShown('default', printk) && !isShown(INFO, printk)) {
    return none(`kernel.printk is quiet as it is: ${printk.consoleLevel} ${printk.defaultLevel}`)
  }
  const names = slow.map(({ name }) => name)
  const hasNetwork = consoles.some(({ name }) => kindOf(name) === 'network')
  // One at a time comes back in silence.
  const canDetach =
    (names.length === 1 || lasts === 'for-good') &&
    names.every((name) => host.detachable.includes(name)) &&
    isCarriedWithout(names, consoles)
  const isLineFirst = lasts === 'for-good' && hasNetwork
  const waitsForOther = slow.some(({ hasFlowControl }) => hasFlowControl)
  if (canDetach && (waitsForOther || isLineFirst)) return { remedy: 'detach' }
  if (log !== 'drops-debug') return { remedy: 'bulk' }
  if (!hasNetwork) return { remedy: 'level' }
  return { remedy: canDetach ? 'detach' : 'bulk' }
}

/** What the console guard does while an OOM is near. */
export function planQuieting(host: QuietingHost): Quieting {
  const { printk, log } = host
  const chosen = leastLoss(host, 'moments')
  const slow = host.consoles.filter(({ isSlow }) => isSlow).map(({ name }) => name)
  const names = slow.join(' and ')
  switch (chosen.remedy) {
    case 'none':
      return chosen
    case 'detach': {
      const loses = `all kernel messages on ${names}; other consoles keep theirs`
      return { remedy: 'detach', console: names, loses }
    }
    case 'level': {
      const set = lower(printk, KEEP_ERRORS, KEEP_ERRORS)
      return { remedy: 'level', set, loses: `warnings and less on ${names}` }
    }
    case 'bulk': {
      const doubts = {
        'keeps-debug': '',
        'drops-debug': ', and in logs that drop level debug',
        unknown: '; whether a log on disk keeps lines of level debug is not known',
      }
      const loses = `lines of level info, and those without a level, on ${names}${doubts[log]}`
      return { remedy: 'bulk', set: lower(printk, KEEP_WARNINGS, DEBUG), loses }
    }
  }
}
