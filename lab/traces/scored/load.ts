/** @module How much a service has to do, from 0 to about 1, by hour and day and at random. */
import { DAY_SEC, HOUR_SEC } from '../../../src/base/units.ts'
import { meanReverting, type Part } from '../kit/parts.ts'
import { normal, type Rng } from '../kit/rng.ts'

/** A bell around an hour of the day. */
function hump(hour: number, at: number, width: number): number {
  const off = ((hour - at + 36) % 24) - 12
  return Math.exp(-(off * off) / (2 * width * width))
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

/** People at home: some before noon, most in the evening (the shape that internet exchanges publish). */
export function webDay(phaseSec: number): Part {
  return (t) => {
    const hour = ((t + phaseSec) / HOUR_SEC) % 24
    return 0.18 + 0.4 * hump(hour, 11, 3) + 0.8 * hump(hour, 20.5, 2.6)
  }
}

/** People at work: nine to half past five with a dip at noon, `weekend` of that on two days. */
export function officeWeek(phaseSec: number, weekend: number): Part {
  return (t) => {
    const hour = ((t + phaseSec) / HOUR_SEC) % 24
    const day = Math.floor((t + phaseSec) / DAY_SEC) % 7
    const work = logistic(2.5 * (hour - 8.7)) * logistic(2 * (17.5 - hour))
    return 0.03 + 0.97 * work * (1 - 0.3 * hump(hour, 12.5, 0.6)) * (day >= 5 ? weekend : 1)
  }
}

/** A load that is now above its shape and now below, by a factor (log-normal) that wanders. */
export function lively(rng: Rng, shape: Part, sigma: number, tauSec: number): Part {
  const walk = meanReverting(rng, sigma, tauSec)
  return (t) => shape(t) * Math.exp(walk(t) - (sigma * sigma) / 2)
}

/** How many of events that come at random come where `mean` are expected. */
export function poisson(rng: Rng, mean: number): number {
  if (mean > 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal(rng)))
  const least = Math.exp(-mean)
  let count = -1
  for (let product = 1; product > least || count < 0; product *= rng()) count++
  return count
}

/** A queue: what came and has not gone yet, where no more than `goneShare` can go. */
export function waiting(came: Part, goneShare: number): Part {
  let held = 0
  let last = 0
  return (t) => {
    held = Math.max(0, held + (came(t) - goneShare) * (t - last))
    last = t
    return held
  }
}
