/** @module Leaks in the shapes that runtimes and allocators give them. */
import { DAY_SEC, HOUR_SEC, KIB, MINUTE_SEC } from '../../../src/base/units.ts'
import { leaking } from '../kit/family.ts'
import {
  bursts,
  inChunks,
  meanReverting,
  type Part,
  power,
  ramp,
  saturating,
  sawtooth,
  startingAt,
  sum,
} from '../kit/parts.ts'
import { logUniform, normal, uniform, whole } from '../kit/rng.ts'
import type { TraceFamily } from '../labelled.ts'
import { drawBound, drawHost, drawLoss, drawOnset } from './host.ts'
import { lively, officeWeek, webDay } from './load.ts'
import { pileUp, scaleTo } from './rows.ts'

export const LEAKS_BY_RUNTIME: readonly TraceFamily[] = [
  leaking(
    'leak-listeners',
    'each view adds a listener to all that the former ones added',
    (rng) => {
      // The n-th view leaves n closures behind: the sum grows by the square.
      const setting = drawHost(rng, { durationSec: [10 * MINUTE_SEC, 10 * HOUR_SEC] })
      const taken = uniform(rng, 0.03, 0.15)
      const views = whole(rng, 25, 200)
      const square = power(drawLoss(setting, taken, 0.5), views, 2)
      const part: Part = (t) => square(Math.floor((t / setting.durationSec) * views))
      const period = setting.durationSec / logUniform(rng, 20, 200)
      return {
        setting,
        healthy: sawtooth(rng, taken * setting.headroomBytes, period, 0.4),
        leak: { onsetSec: 0, part },
      }
    },
  ),
  leaking(
    'leak-under-loaded-collector',
    'a live set that grows below teeth that follow the load',
    (rng) => {
      const setting = drawHost(rng, { durationSec: [1.5 * HOUR_SEC, 9 * DAY_SEC] })
      const onsetSec = drawOnset(setting)
      const taken = uniform(rng, 0.15, 0.45)
      const tooth = sawtooth(rng, 1, setting.durationSec / logUniform(rng, 30, 500), 0.6)
      const load = lively(rng, () => 1, uniform(rng, 0.2, 0.6), setting.durationSec * 0.02)
      const healthy = scaleTo(setting, taken * setting.headroomBytes, (t) => tooth(t) * load(t))
      const part = pileUp(setting, drawLoss(setting, taken, 0.32), () => 1, onsetSec)
      return { setting, healthy, leak: { onsetSec, part } }
    },
  ),
  leaking('leak-under-scaled-collector', 'a heap that may grow by a share of what lives', (rng) => {
    // GOGC, or CPython's rule that a full collection waits for a quarter more objects.
    const setting = drawHost(rng, { durationSec: [20 * MINUTE_SEC, 4 * DAY_SEC] })
    const growth = uniform(rng, 0.25, 1)
    const live = uniform(rng, 0.02, 0.12) * setting.headroomBytes
    const total = 0.92 * setting.headroomBytes * (uniform(rng, 0.5, 1) / (1 + growth)) - live
    const part = ramp(total, setting.durationSec)
    const tooth = sawtooth(rng, growth, setting.durationSec / logUniform(rng, 25, 400), 0.2)
    return {
      setting,
      healthy: (t) => live + (live + part(t)) * tooth(t),
      leak: { onsetSec: 0, part },
    }
  }),
  leaking(
    'leak-threads',
    'threads that wait for ever, each with a little of its stack touched',
    (rng) => {
      // 8 MiB are reserved, some dozens of KiB touched; now and then a thread gets an arena.
      const setting = drawHost(rng, { durationSec: [12 * MINUTE_SEC, 3 * DAY_SEC] })
      const onsetSec = drawOnset(setting)
      const total = drawLoss(setting, 0, 0.25)
      const each = Math.max(total / whole(rng, 60, 3000), 40 * KIB)
      const part = inChunks(
        pileUp(setting, total, () => 1, onsetSec),
        each,
      )
      return {
        setting,
        healthy: () => 0,
        leak: { onsetSec, part },
        threads: (t) => part(t) / each,
      }
    },
  ),
  leaking('leak-classloaders', 'an application that is redeployed inside its server', (rng) => {
    const setting = drawHost(rng, { durationSec: [6 * DAY_SEC, 14 * DAY_SEC] })
    const taken = uniform(rng, 0.05, 0.25)
    const office = officeWeek(uniform(rng, 0, 2 * DAY_SEC), 0.02)
    const count = whole(rng, 14, 60)
    const part = inChunks(
      pileUp(setting, drawLoss(setting, taken, 0.4) * (1 - 1 / count), (t) => office(t) ** 2),
      (0.4 * setting.headroomBytes) / count,
    )
    const period = logUniform(rng, 10 * MINUTE_SEC, 5 * HOUR_SEC)
    return {
      setting,
      healthy: sawtooth(rng, taken * setting.headroomBytes, period, 0.5),
      leak: { onsetSec: 0, part },
    }
  }),
  leaking(
    'leak-by-fragments',
    'holes that no later block fits: slower, but without a bound',
    (rng) => {
      // By a power of time. At the latest some four times this trace's length it is out of memory, so it
      // counts as a leak; what grows by the logarithm does not.
      const setting = drawHost(rng, { durationSec: [2 * DAY_SEC, 14 * DAY_SEC] })
      const part = power(drawLoss(setting, 0.08, 0.5), setting.durationSec, uniform(rng, 0.6, 0.85))
      const deviation = setting.headroomBytes * uniform(rng, 0.002, 0.02)
      const walk = meanReverting(rng, deviation, HOUR_SEC)
      return {
        setting,
        healthy: (t) => Math.max(0, 2 * deviation + walk(t)),
        leak: { onsetSec: 0, part },
      }
    },
  ),
  leaking('leak-under-spikes', 'a leak below requests of which a few are very large', (rng) => {
    const setting = drawHost(rng, { durationSec: [15 * MINUTE_SEC, 5 * DAY_SEC] })
    const onsetSec = drawOnset(setting)
    const taken = uniform(rng, 0.15, 0.45)
    const sigma = uniform(rng, 0.6, 1.2)
    const healthy = scaleTo(setting, taken * setting.headroomBytes, () =>
      Math.exp(sigma * normal(rng)),
    )
    const part = pileUp(setting, drawLoss(setting, taken, 0.3), () => 1, onsetSec)
    return { setting, healthy, leak: { onsetSec, part } }
  }),
  leaking('leak-under-slow-noise', 'a leak below a level that wanders for hours', (rng) => {
    const setting = drawHost(rng, { durationSec: [10 * HOUR_SEC, 10 * DAY_SEC] })
    const onsetSec = drawOnset(setting)
    const taken = uniform(rng, 0.1, 0.35)
    const load = lively(
      rng,
      () => 1,
      uniform(rng, 0.2, 0.45),
      setting.durationSec * uniform(rng, 0.004, 0.02),
    )
    const healthy = scaleTo(setting, taken * setting.headroomBytes, load)
    const part = pileUp(setting, drawLoss(setting, taken, 0.4), () => 1, onsetSec)
    return { setting, healthy, leak: { onsetSec, part } }
  }),
  leaking('leak-drip', 'a twentieth of a percent of what is free an hour, for two weeks', (rng) => {
    const setting = drawHost(rng, { durationSec: [12.5 * DAY_SEC, 14 * DAY_SEC] })
    const perSec = (setting.headroomBytes * logUniform(rng, 0.00045, 0.001)) / HOUR_SEC
    const top = setting.headroomBytes * uniform(rng, 0.003, 0.03)
    const day = lively(rng, webDay(uniform(rng, 0, DAY_SEC)), 0.2, 10 * MINUTE_SEC)
    return {
      setting,
      healthy: scaleTo(setting, top, day),
      leak: { onsetSec: 0, part: (t) => perSec * t },
      noise: logUniform(rng, 1e-5, 1e-3),
    }
  }),
  leaking('leak-in-a-minute', 'a loop that takes what is free within a minute or two', (rng) => {
    const setting = drawHost(rng, { durationSec: [40, 3 * MINUTE_SEC] })
    const onsetSec = setting.durationSec * uniform(rng, 0, 0.45)
    const left = setting.durationSec - onsetSec
    const bent = uniform(rng, 0.85, 1.4)
    const grow = power(setting.headroomBytes * uniform(rng, 0.6, 0.93), left, bent)
    const work = bursts(rng, 0.01 * setting.headroomBytes, 10, 3)
    return { setting, healthy: work, leak: { onsetSec, part: startingAt(onsetSec, grow) } }
  }),
  leaking('leak-beside-cache', 'a leak in a service whose cache still fills', (rng) => {
    const setting = drawHost(rng, { durationSec: [25 * MINUTE_SEC, 8 * DAY_SEC] })
    const bound = Math.min(drawBound(setting), 0.4 * setting.headroomBytes)
    const tau = setting.durationSec * uniform(rng, 0.04, 0.18)
    const evicted = meanReverting(rng, 0.02 * bound, tau * 0.05)
    const healthy = sum(saturating(bound, tau), (t) => Math.max(0, evicted(t)))
    const taken = (1.08 * bound) / setting.headroomBytes
    const part = pileUp(setting, drawLoss(setting, taken, 0.35), () => 1)
    return { setting, healthy, leak: { onsetSec: 0, part } }
  }),
]
