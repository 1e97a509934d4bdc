/** @module Leaks that something hides: collectors, load, nights, restarts, swap, a bad sampler. */
import { DAY_SEC, HOUR_SEC, MINUTE_SEC } from '../../../src/base/units.ts'
import { leaking } from '../kit/family.ts'
import {
  bursts,
  dayShape,
  integral,
  meanReverting,
  type Part,
  ramp,
  saturating,
  sawtooth,
  startingAt,
  steps,
  sum,
  swings,
  weekShape,
} from '../kit/parts.ts'
import { logUniform, type Rng, uniform, whole } from '../kit/rng.ts'
import { drawSetting, type Setting } from '../kit/setting.ts'
import type { TraceFamily } from '../labelled.ts'

const NOTHING: Part = () => 0

function share(rng: Rng, setting: Setting, low: number, high: number): number {
  return setting.headroomBytes * uniform(rng, low, high)
}

export const HIDDEN_LEAKS: readonly TraceFamily[] = [
  leaking('leak-behind-collector', 'a live set that grows below a collector’s sawtooth', (rng) => {
    const setting = drawSetting(rng, { durationSec: [10 * MINUTE_SEC, 10 * DAY_SEC] })
    const period = setting.durationSec / logUniform(rng, 15, 400)
    const tooth = sawtooth(rng, share(rng, setting, 0.05, 0.3), period, uniform(rng, 0, 0.5))
    const part = ramp(share(rng, setting, 0.35, 0.65), setting.durationSec)
    return { setting, healthy: tooth, leak: { onsetSec: 0, part } }
  }),
  leaking('leak-behind-collector-late', 'the same, let loose half-way', (rng) => {
    const setting = drawSetting(rng, { durationSec: [20 * MINUTE_SEC, 10 * DAY_SEC] })
    const period = setting.durationSec / logUniform(rng, 25, 400)
    const tooth = sawtooth(rng, share(rng, setting, 0.05, 0.25), period, uniform(rng, 0, 0.5))
    const onsetSec = setting.durationSec * uniform(rng, 0.2, 0.6)
    const grow = ramp(share(rng, setting, 0.45, 0.7), setting.durationSec - onsetSec)
    return { setting, healthy: tooth, leak: { onsetSec, part: startingAt(onsetSec, grow) } }
  }),
  leaking('leak-under-day', 'a leak below the day’s load', (rng) => {
    const setting = drawSetting(rng, { durationSec: [5 * DAY_SEC, 14 * DAY_SEC] })
    const phase = uniform(rng, 0, DAY_SEC)
    const height = share(rng, setting, 0.05, 0.3)
    const noise = meanReverting(rng, height * 0.05, 20 * MINUTE_SEC)
    const healthy: Part = (t) => Math.max(0, height * dayShape(t, phase) + noise(t))
    const part = ramp(share(rng, setting, 0.35, 0.65), setting.durationSec)
    return { setting, healthy, leak: { onsetSec: 0, part } }
  }),
  leaking('leak-under-load', 'a leak below a pool that follows the load', (rng) => {
    const setting = drawSetting(rng, { durationSec: [15 * MINUTE_SEC, 7 * DAY_SEC] })
    const load = swings(rng, setting.durationSec * logUniform(rng, 0.003, 0.03))
    const height = share(rng, setting, 0.05, 0.3)
    const part = ramp(share(rng, setting, 0.35, 0.65), setting.durationSec)
    return { setting, healthy: (t) => height * load(t), leak: { onsetSec: 0, part } }
  }),
  leaking('leak-under-bursts', 'a leak below batch work', (rng) => {
    const setting = drawSetting(rng, { durationSec: [15 * MINUTE_SEC, 10 * DAY_SEC] })
    const apart = setting.durationSec / whole(rng, 15, 80)
    const work = bursts(rng, share(rng, setting, 0.05, 0.2), apart, apart * uniform(rng, 0.1, 0.5))
    const part = ramp(share(rng, setting, 0.35, 0.65), setting.durationSec)
    return { setting, healthy: work, leak: { onsetSec: 0, part } }
  }),
  leaking('leak-under-swings', 'a leak that is smaller than the swings above it', (rng) => {
    const setting = drawSetting(rng, { durationSec: [30 * MINUTE_SEC, 10 * DAY_SEC] })
    const { durationSec } = setting
    const load = swings(rng, durationSec * logUniform(rng, 0.002, 0.012))
    const tooth = sawtooth(rng, 1, durationSec / logUniform(rng, 60, 400), 0.5)
    const height = share(rng, setting, 0.3, 0.5)
    const part = ramp(share(rng, setting, 0.35, 0.48), durationSec)
    const healthy: Part = (t) => height * (0.6 * load(t) + 0.4 * tooth(t))
    return { setting, healthy, leak: { onsetSec: 0, part } }
  }),
  leaking('leak-on-machine', 'a leak in one of the jobs of a cluster’s machine', (rng) => {
    const setting = drawSetting(rng, { durationSec: [3 * DAY_SEC, 10 * DAY_SEC] })
    const { headroomBytes, durationSec } = setting
    const phase = uniform(rng, 0, DAY_SEC)
    const daily = headroomBytes * uniform(rng, 0.03, 0.15)
    const jobs = bursts(rng, headroomBytes * uniform(rng, 0.03, 0.12), 6 * HOUR_SEC, 3 * HOUR_SEC)
    const drift = meanReverting(rng, headroomBytes * uniform(rng, 0.01, 0.03), durationSec * 0.03)
    const level = headroomBytes * 0.1
    const healthy: Part = (t) =>
      Math.max(0, level + daily * dayShape(t, phase) + jobs(t) + drift(t))
    const onsetSec = durationSec * uniform(rng, 0, 0.4)
    const grow = ramp(share(rng, setting, 0.4, 0.6), durationSec - onsetSec)
    return { setting, healthy, leak: { onsetSec, part: startingAt(onsetSec, grow) } }
  }),
  leaking('leak-by-load', 'a leak by the request, with load that swings', (rng) => {
    const setting = drawSetting(rng, { durationSec: [15 * MINUTE_SEC, 7 * DAY_SEC] })
    const load = swings(rng, setting.durationSec * logUniform(rng, 0.003, 0.03))
    const rate = (2 * share(rng, setting, 0.35, 0.65)) / setting.durationSec
    let now = 0
    const part = integral(() => rate * now)
    const height = share(rng, setting, 0, 0.15)
    const healthy: Part = (t) => {
      now = load(t)
      return height * now
    }
    return { setting, healthy, leak: { onsetSec: 0, part } }
  }),
  leaking('leak-pauses-at-night', 'a leak by the request on a site that sleeps', (rng) => {
    const setting = drawSetting(rng, { durationSec: [4 * DAY_SEC, 14 * DAY_SEC] })
    const phase = uniform(rng, 0, 7 * DAY_SEC)
    const weekend = uniform(rng, 0.2, 1)
    const rate = (2.2 * share(rng, setting, 0.4, 0.7)) / setting.durationSec
    const busy: Part = (t) => Math.max(0, dayShape(t, phase) - 0.1)
    const part = integral((t) => rate * busy(t) * weekShape(t, phase, weekend))
    const height = share(rng, setting, 0, 0.1)
    return { setting, healthy: (t) => height * busy(t), leak: { onsetSec: 0, part } }
  }),
  leaking(
    'leak-across-restarts',
    'a leak in a service that is deployed before it runs out',
    (rng) => {
      const setting = drawSetting(rng, { durationSec: [HOUR_SEC, 14 * DAY_SEC] })
      const { durationSec, headroomBytes } = setting
      const count = whole(rng, 1, 6)
      const startsSec = Array.from(
        { length: count },
        (_, i) => (durationSec * (i + 1 + uniform(rng, -0.2, 0.2))) / (count + 1),
      )
      const longest = Math.max(...startsSec.map((at, i) => at - (startsSec[i - 1] ?? 0)))
      const rateBytesPerSec = (headroomBytes * uniform(rng, 0.35, 0.85)) / longest
      const incarnation = steps(
        startsSec,
        startsSec.map(() => 1),
      )
      const part: Part = (t) => {
        const number = incarnation(t)
        return rateBytesPerSec * (t - (number === 0 ? 0 : (startsSec[number - 1] as number)))
      }
      return { setting, healthy: NOTHING, leak: { onsetSec: 0, part }, startsSec, rateBytesPerSec }
    },
  ),
  leaking('leak-into-swap', 'a leak whose cold pages are swapped out as it grows', (rng) => {
    const setting = drawSetting(rng, { durationSec: [20 * MINUTE_SEC, 5 * DAY_SEC] })
    const total = share(rng, setting, 0.5, 0.95)
    const residentMaxBytes = setting.baseBytes + total * uniform(rng, 0.05, 0.4)
    const part = ramp(total, setting.durationSec)
    return { setting, healthy: NOTHING, leak: { onsetSec: 0, part }, residentMaxBytes }
  }),
  leaking('leak-of-shared-memory', 'shared segments that nobody removes', (rng) => {
    const setting = drawSetting(rng, { durationSec: [10 * MINUTE_SEC, 5 * DAY_SEC] })
    const onsetSec = setting.durationSec * uniform(rng, 0, 0.4)
    const grow = ramp(share(rng, setting, 0.45, 0.9), setting.durationSec - onsetSec)
    const leak = { onsetSec, part: startingAt(onsetSec, grow) }
    return { setting, healthy: NOTHING, leak, shmemShare: uniform(rng, 0.7, 0.99) }
  }),
  leaking('leak-with-holes', 'a leak on a host too busy to be sampled well', (rng) => {
    const setting = drawSetting(rng, {
      durationSec: [20 * MINUTE_SEC, 7 * DAY_SEC],
      gaps: whole(rng, 1, 4),
      isIrregular: true,
    })
    const noise = meanReverting(rng, setting.headroomBytes * 0.01, setting.sampleSec * 3)
    const healthy: Part = sum(
      saturating(setting.headroomBytes * 0.1, setting.durationSec * 0.02),
      (t) => Math.max(0, noise(t)),
    )
    const part = ramp(share(rng, setting, 0.45, 0.8), setting.durationSec)
    return { setting, healthy, leak: { onsetSec: 0, part }, missing: uniform(rng, 0.01, 0.2) }
  }),
  leaking('leak-week', 'a drip below the week’s load', (rng) => {
    const setting = drawSetting(rng, { durationSec: [12 * DAY_SEC, 14 * DAY_SEC] })
    const phase = uniform(rng, 0, 7 * DAY_SEC)
    const height = share(rng, setting, 0.05, 0.2)
    const weekend = uniform(rng, 0.2, 0.8)
    const noise = meanReverting(rng, height * 0.04, HOUR_SEC)
    const healthy: Part = (t) =>
      Math.max(0, height * dayShape(t, phase) * weekShape(t, phase, weekend) + noise(t))
    const part = ramp(share(rng, setting, 0.35, 0.6), setting.durationSec)
    return { setting, healthy, leak: { onsetSec: 0, part } }
  }),
]
