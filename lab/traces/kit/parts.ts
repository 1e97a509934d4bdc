/**
 * @module What memory does over time, in parts that add up. A part gives bytes at a time; those that
 * remember are asked in order of time.
 */
import { DAY_SEC } from '../../../src/base/units.ts'
import { exponential, normal, type Rng, uniform } from './rng.ts'

export type Part = (tSec: number) => number

export function sum(...parts: readonly Part[]): Part {
  return (t) => parts.reduce((total, part) => total + part(t), 0)
}

/** `part` from `fromSec` on, with its own time beginning there. */
export function startingAt(fromSec: number, part: Part): Part {
  return (t) => (t < fromSec ? 0 : part(t - fromSec))
}

/** Straight up to `top` at `untilSec`, then held. */
export function ramp(top: number, untilSec: number): Part {
  return (t) => top * Math.min(1, t / untilSec)
}

/** Approaches `top`, two thirds of the rest in each `tauSec`. */
export function saturating(top: number, tauSec: number): Part {
  return (t) => top * (1 - Math.exp(-t / tauSec))
}

/** Ever more slowly, without a bound: `top` at `atSec`. */
export function logarithmic(top: number, scaleSec: number, atSec: number): Part {
  return (t) => (top * Math.log1p(t / scaleSec)) / Math.log1p(atSec / scaleSec)
}

/** `top` at `atSec`, along t to the power of `exponent`. */
export function power(top: number, atSec: number, exponent: number): Part {
  return (t) => top * (t / atSec) ** exponent
}

/**
 * A garbage collector: fills to about `height` over about `periodSec`, then drops.
 * @param spread how unequal the teeth are, from 0 to 1
 */
export function sawtooth(rng: Rng, height: number, periodSec: number, spread: number): Part {
  let from = -periodSec * rng()
  let length = periodSec
  let top = height
  return (t) => {
    while (t >= from + length) {
      from += length
      length = periodSec * uniform(rng, 1 - spread / 2, 1 + spread)
      top = height * uniform(rng, 1 - spread, 1)
    }
    return (top * (t - from)) / length
  }
}

/** The old generation: each `minorSec` some of what was young stays, until a full collection. */
export function generations(rng: Rng, height: number, minorSec: number, minors: number): Part {
  let number = -1
  let promoted = 0
  let fullAt = minors
  return (t) => {
    while (number < Math.floor(t / minorSec)) {
      number++
      promoted++
      if (promoted >= fullAt) {
        promoted = 0
        fullAt = Math.max(2, Math.round(minors * uniform(rng, 0.6, 1.3)))
      }
    }
    return (height * promoted) / minors
  }
}

/** Load by the hour: low at night, high in the afternoon, from 0 to 1. */
export function dayShape(tSec: number, phaseSec: number): number {
  const angle = (2 * Math.PI * (tSec + phaseSec)) / DAY_SEC
  const wave = 0.5 - 0.42 * Math.cos(angle) - 0.13 * Math.cos(2 * angle + 0.6)
  return Math.min(1, Math.max(0, wave))
}

/** 1 on working days, `weekend` on two of seven. */
export function weekShape(tSec: number, phaseSec: number, weekend: number): number {
  const day = Math.floor((tSec + phaseSec) / DAY_SEC) % 7
  return day >= 5 ? weekend : 1
}

/** Comes back to 0 in about `tauSec` (Ornstein and Uhlenbeck). */
export function meanReverting(rng: Rng, deviation: number, tauSec: number): Part {
  let value = normal(rng) * deviation
  let last = 0
  return (t) => {
    const keep = Math.exp(-(t - last) / tauSec)
    value = value * keep + normal(rng) * deviation * Math.sqrt(1 - keep * keep)
    last = t
    return value
  }
}

/** Work that comes at random, takes memory for a while and gives it back. */
export function bursts(rng: Rng, height: number, apartSec: number, lastsSec: number): Part {
  const running: { readonly endSec: number; readonly bytes: number }[] = []
  let next = exponential(rng, apartSec)
  return (t) => {
    while (next <= t) {
      running.push({
        endSec: next + exponential(rng, lastsSec),
        bytes: height * uniform(rng, 0.2, 1),
      })
      next += exponential(rng, apartSec)
    }
    let total = 0
    for (let i = running.length - 1; i >= 0; i--) {
      const each = running[i] as (typeof running)[number]
      if (each.endSec <= t) running.splice(i, 1)
      else total += each.bytes
    }
    return Math.min(total, 1.5 * height)
  }
}

/** Load that swings at random between 0 and 1, as requests do within minutes. */
export function swings(rng: Rng, tauSec: number): Part {
  const walk = meanReverting(rng, 1, tauSec)
  return (t) => 1 / (1 + Math.exp(-1.6 * walk(t)))
}

/** Highest value so far: an allocator that does not give back. */
export function highWater(part: Part): Part {
  let highest = -Infinity
  return (t) => {
    highest = Math.max(highest, part(t))
    return highest
  }
}

/** Grows by `rate(t)` bytes a second, integrated in order of time. */
export function integral(rate: Part): Part {
  let total = 0
  let last = NaN
  return (t) => {
    if (!Number.isNaN(last)) total += rate((t + last) / 2) * (t - last)
    last = t
    return total
  }
}

/** Steps of `heights[i]` at `timesSec[i]`, in order of time. */
export function steps(timesSec: readonly number[], heights: readonly number[]): Part {
  return (t) => {
    let total = 0
    for (let i = 0; i < timesSec.length && (timesSec[i] as number) <= t; i++) {
      total += heights[i] as number
    }
    return total
  }
}

/** `part` as it is seen when memory is taken from the system in pieces. */
export function inChunks(part: Part, chunkBytes: number): Part {
  return (t) => Math.ceil(part(t) / chunkBytes) * chunkBytes
}
