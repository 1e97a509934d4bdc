/** @module A verdict in words: who, what, how fast, how long, why. */
import { assertUnreachable } from '../../base/assert.ts'
import { formatBytes, formatDuration, formatPercent, formatRate } from '../../base/format.ts'
import type { LeakReason, Verdict } from './records.ts'

/** What a sentence needs to name its subject. `pid` where it is a process. */
export interface Named {
  readonly kind: string
  readonly name: string
  readonly pid?: number | null
}

/** Why, as a clause that follows a comma or stands alone. */
export function explainReason(reason: LeakReason): string {
  switch (reason) {
    case 'too-early':
      return 'too few samples to judge'
    case 'flat':
      return 'its floor does not rise'
    case 'young-growth':
      return 'it grows, not yet for long enough to say why'
    case 'rises-steadily':
      return 'it rises steadily and does not level off'
    case 'floor-rises':
      return 'it saws, but each low is higher than the last'
    case 'rises-in-steps':
      return 'it rises in steps and never gives back'
    case 'rises-under-load-swings':
      return 'it swings with the load, but each low is higher than the last'
    case 'rises-across-restarts':
      return 'each new process of the service grows as the one before'
    case 'fills-fast':
      return 'it fills what is free within minutes'
    case 'warm-up':
      return 'it grew after its start and then levelled off'
    case 'plateau':
      return 'it grew and then held its level'
    case 'follows-load':
      return 'it follows the load and comes back'
    case 'sawtooth-flat-floor':
      return 'it saws over a floor that stays where it is'
    case 'one-off-step':
      return 'it rose once, in one step'
    case 'slows-down':
      return 'its growth slows down and points to a bound below the limit'
    case 'known-range':
      return 'it is within the range that an earlier process of the service held'
    case 'ended':
      return 'the process ended and its memory came back'
    default:
      return assertUnreachable(reason)
  }
}

function nameOf(subject: Named): string {
  if (subject.kind === 'process') {
    return subject.pid == null ? subject.name : `${subject.name} ${subject.pid}`
  }
  return subject.kind === 'service' ? subject.name : `${subject.kind} ${subject.name}`
}

/** Time left with its interval: `1 h 20 min left (55 min to 2 h)`. */
function timeLeft(verdict: Verdict): string {
  if (verdict.etaSec === null) return 'no end in sight'
  const low = formatDuration(verdict.etaLowSec)
  const high = verdict.etaHighSec === null ? 'never' : formatDuration(verdict.etaHighSec)
  const middle = formatDuration(verdict.etaSec)
  return low === high ? `${middle} left` : `${middle} left (${low} to ${high})`
}

/**
 * One sentence: `leak-steady 4121 leaks +9.8 MiB/s, 1 min left: it rises steadily and does not level
 * off`. The name is untrusted text and is not escaped here: whoever prints it must.
 */
export function explainVerdict(verdict: Verdict, subject: Named): string {
  const name = nameOf(subject)
  const why = explainReason(verdict.reason)
  switch (verdict.state) {
    case 'confirmed':
      return `${name} leaks ${formatRate(verdict.rateBytesPerSec)}, ${timeLeft(verdict)}: ${why}`
    case 'suspected':
      return `${name} may leak, ${formatRate(verdict.rateBytesPerSec)}, ${formatPercent(verdict.usedFraction)} of what was free is used: ${why}`
    case 'growing':
      return `${name} grows ${formatRate(verdict.rateBytesPerSec)}: ${why}`
    case 'harmless':
      return `${name} grew harmlessly to ${formatBytes(verdict.levelBytes)}: ${why}`
    case 'steady':
      return `${name} is steady at ${formatBytes(verdict.levelBytes)}: ${why}`
    case 'unknown':
      return `${name} holds ${formatBytes(verdict.levelBytes)}: ${why}`
    default:
      return assertUnreachable(verdict.state)
  }
}
