/**
 * @module Parts that practice lives are put together from: curves in bytes over time, seeded. What is
 * random is drawn when a part is made or in the order of time, so that a seed gives the same life.
 */
import { DAY_SEC, GIB, HOUR_SEC, MIB } from '../../../src/base/units.ts'

/** Numbers from a seed: `next` from 0 to 1. */
export interface Dice {
  next(): number
  between(low: number, high: number): number
  /** Evenly spread over orders of magnitude. */
  magnitude(low: number, high: number): number
  normal(): number
  chance(probability: number): boolean
  pick<T>(from: readonly T[]): T
}

/** Bytes at a time; asked in the order of time, once a sample. */
export type Part = (tSec: number) => number

/** mulberry32 by Tommy Ettinger, public domain. */
export function createDice(seed: number): Dice {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0
    let x = state
    x = Math.imul(x ^ (x >>> 15), x | 1)
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61)
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    between: (low, high) => low + (high - low) * next(),
    magnitude: (low, high) => low * (high / low) ** next(),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    chance: (probability) => next() < probability,
    pick: (from) => from[Math.floor(next() * from.length)] as (typeof from)[number],
  }
}

/** How long, how often, how much is free: what a life is lived in. */
export interface Frame {
  readonly dice: Dice
  readonly durationSec: number
  readonly everySec: number
  readonly headroomBytes: number
}

export type Span = 'minutes' | 'hours' | 'days'

export function createFrame(dice: Dice, span: Span): Frame {
  const headroomBytes = dice.magnitude(32 * MIB, 64 * GIB)
  if (span === 'minutes') {
    return {
      dice,
      durationSec: dice.magnitude(60, 900),
      everySec: dice.pick([0.5, 0.5, 1, 1, 2]),
      headroomBytes: dice.magnitude(64 * MIB, 2 * GIB),
    }
  }
  if (span === 'hours') {
    return {
      dice,
      durationSec: dice.magnitude(HOUR_SEC / 2, DAY_SEC),
      everySec: dice.pick([1, 2, 5, 10, 30]),
      headroomBytes,
    }
  }
  return {
    dice,
    durationSec: dice.between(1.5, 14) * DAY_SEC,
    everySec: dice.pick([30, 60, 60]),
    headroomBytes,
  }
}

/** The span that suits most kinds of life. */
export function anySpan(dice: Dice): Span {
  return dice.pick(['minutes', 'minutes', 'hours', 'days', 'days'] as const)
}

export function ramp(fromSec: number, toSec: number, amount: number): Part {
  return (t) => amount * Math.min(1, Math.max(0, (t - fromSec) / (toSec - fromSec)))
}

export function bend(fromSec: number, tauSec: number, amount: number): Part {
  return (t) => (t < fromSec ? 0 : amount * (1 - Math.exp(-(t - fromSec) / tauSec)))
}

/** Grows by the logarithm of time, to `amount` at `endSec`. */
export function logarithm(endSec: number, tauSec: number, amount: number): Part {
  const scale = amount / Math.log1p(endSec / tauSec)
  return (t) => scale * Math.log1p(t / tauSec)
}

/** A collector's sawtooth: periods and the share that each collection leaves vary. */
export function sawtooth(dice: Dice, amount: number, periodSec: number, jitter = 0.2): Part {
  let startSec = 0
  let period = periodSec * dice.between(0.3, 1)
  let height = amount
  let left = 0
  return (t) => {
    while (t >= startSec + period) {
      startSec += period
      period = periodSec * dice.between(1 - jitter, 1 + jitter)
      height = amount * dice.between(1 - jitter, 1)
      left = amount * dice.between(0, 0.3 * jitter)
    }
    return left + ((height - left) * (t - startSec)) / period
  }
}

export function swing(amount: number, periodSec: number, phase: number): Part {
  return (t) => (amount / 2) * (1 + Math.sin(2 * Math.PI * (t / periodSec + phase)))
}

/** Load of a day with quiet weekends, from 0 to 1. */
export function dailyLoad(phase: number, weekend: number): Part {
  return (t) => {
    const day = t / DAY_SEC + phase
    const wave = Math.max(0, Math.sin(2 * Math.PI * day)) ** 0.7
    return wave * (Math.floor(day) % 7 >= 5 ? weekend : 1)
  }
}

/** Wanders, drawn back to its mean within `tauSec`. */
export function wander(dice: Dice, spread: number, tauSec: number): Part {
  let at = 0
  let value = dice.normal() * spread
  return (t) => {
    const keep = Math.exp(-(t - at) / tauSec)
    at = t
    value = value * keep + dice.normal() * spread * Math.sqrt(1 - keep * keep)
    return value
  }
}

/** Work that comes now and then, takes memory and gives it back. */
export function bursts(dice: Dice, amount: number, everySec: number, lengthSec: number): Part {
  let from = everySec * dice.next()
  let length = lengthSec * dice.between(0.5, 1.5)
  let height = amount * dice.between(0.3, 1)
  return (t) => {
    while (t > from + length) {
      from += length + everySec * -Math.log(1 - dice.next())
      length = lengthSec * dice.between(0.5, 1.5)
      height = amount * dice.between(0.3, 1)
    }
    const done = (t - from) / length
    return done < 0 ? 0 : height * Math.min(1, done * 4)
  }
}

/** Rises at `times`, each by a share of `amount` that `sizes` say. */
export function steps(times: readonly number[], amount: number, sizes?: readonly number[]): Part {
  return (t) => {
    let sum = 0
    for (let i = 0; i < times.length; i++) {
      if (t >= (times[i] as number)) sum += sizes?.[i] ?? 1 / times.length
    }
    return amount * sum
  }
}

/** The highest that another part has been: an allocator that gives nothing back. */
export function highWater(part: Part, keep = 1): Part {
  let highest = -Infinity
  return (t) => {
    const now = part(t)
    highest = Math.max(highest, now)
    return keep * highest + (1 - keep) * now
  }
}

/** What another part's integral is, scaled to `amount` at `endSec`. */
export function accumulate(part: Part, endSec: number, amount: number, everySec: number): Part {
  const sums: number[] = [0]
  for (let t = 0; t < endSec; t += everySec) {
    sums.push((sums.at(-1) as number) + Math.max(0, part(t)))
  }
  const total = (sums.at(-1) as number) || 1
  return (t) => {
    const index = Math.min(sums.length - 1, Math.max(0, Math.floor(t / everySec)))
    return (amount * (sums[index] as number)) / total
  }
}

export function noise(dice: Dice, spread: number): Part {
  return () => dice.normal() * spread
}
