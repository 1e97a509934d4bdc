/** @module A verdict in words: who, what, how fast, how long, why. */
import { assertUnreachable } from '../../base/assert.ts'
import { formatBytes, formatDuration, formatPercent, formatRate } from '../../base/format.ts'
import type { LimitRow } from '../wire/records.ts'
import type { LeakReason, Verdict } from './records.ts'

/** What bounds the growth; `null` or left out: not known. */
type Limit = Pick<LimitRow, 'kind'> | null

/** What a sentence needs to name its subject. `pid` where it is a process. */
export interface Named {
  readonly kind: string
  readonly name: string
  readonly pid?: number | null
  /** The one that is reached first now. */
  readonly limit?: Limit
}

const LIMIT_NAMES: Readonly<Record<LimitRow['kind'], string>> = {
  host: 'what the host has left',
  cgroup: "its cgroup's limit",
  'rlimit-as': 'its address space limit',
  'rlimit-data': 'its data limit',
  'heap-option': 'its heap limit',
  'own-size': 'its own size',
}

function nameLimit(limit: Limit): string {
  return limit === null ? 'what is free' : LIMIT_NAMES[limit.kind]
}

/** Why, as a clause that follows a colon or stands alone. */
export function explainReason(reason: LeakReason, limit: Limit = null): string {
  switch (reason) {
    case 'too-early':
      return 'too few samples to judge'
    case 'flat':
      return 'its floor does not rise'
    case 'young-growth':
      return `too little of ${nameLimit(limit)} is used yet to tell a leak from a cache`
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
      return `it fills ${nameLimit(limit)} within minutes`
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
      return `its growth slows down and points to a bound below ${limit === null ? 'the limit' : nameLimit(limit)}`
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

/** Until what the time left lasts. A reason that names the limit, and no end, want no such words. */
function untilLimit({ reason, etaSec }: Verdict, limit: Limit): string {
  if (limit === null || etaSec === null || reason === 'fills-fast') return ''
  return limit.kind === 'host' ? ' until the host has none' : ` until ${LIMIT_NAMES[limit.kind]}`
}

function shareUsed({ usedFraction }: Verdict, limit: Limit): string {
  const used = `${formatPercent(usedFraction)} of what`
  if (limit === null) return `${used} was free is used`
  if (limit.kind === 'host') return `${used} the host had left is used`
  return `${used} was free below ${LIMIT_NAMES[limit.kind]} is used`
}

/** `leak-steady 4121 ended at 1020 MiB while it leaked; its memory came back`. Untrusted as below. */
export function explainEnded(
  levelBytes: number,
  subject: Named,
  before: 'suspected' | 'confirmed',
): string {
  const how = before === 'confirmed' ? 'while it leaked' : 'while it may have leaked'
  return `${nameOf(subject)} ended at ${formatBytes(levelBytes)} ${how}; its memory came back`
}

/**
 * One sentence: `leak-steady 4121 leaks +9.8 MiB/s, 1 min left until its heap limit: it rises steadily
 * and does not level off`. The name is untrusted text and is not escaped here: whoever prints it must.
 */
export function explainVerdict(verdict: Verdict, subject: Named): string {
  const name = nameOf(subject)
  const limit = subject.limit ?? null
  const why = explainReason(verdict.reason, limit)
  switch (verdict.state) {
    case 'confirmed':
      return `${name} leaks ${formatRate(verdict.rateBytesPerSec)}, ${timeLeft(verdict)}${untilLimit(verdict, limit)}: ${why}`
    case 'suspected':
      return `${name} may leak, ${formatRate(verdict.rateBytesPerSec)}, ${shareUsed(verdict, limit)}: ${explainReason(verdict.reason)}`
    case 'growing':
      return `${name} grows ${formatRate(verdict.rateBytesPerSec)}: ${why}`
    case 'harmless':
      if (verdict.reason === 'ended') return `${name} ended, and its memory came back`
      return `${name} grew harmlessly to ${formatBytes(verdict.levelBytes)}: ${why}`
    case 'steady':
      return `${name} is steady at ${formatBytes(verdict.levelBytes)}: ${why}`
    case 'unknown':
      return `${name} holds ${formatBytes(verdict.levelBytes)}: ${why}`
    default:
      return assertUnreachable(verdict.state)
  }
}
