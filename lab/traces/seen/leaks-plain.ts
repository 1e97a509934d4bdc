/** @module Leaks that grow by themselves: straight, bent, in steps, fast and slow. */
import { DAY_SEC, HOUR_SEC, MIB, MINUTE_SEC } from '../../../src/base/units.ts'
import { leaking } from '../kit/family.ts'
import {
  inChunks,
  meanReverting,
  type Part,
  power,
  ramp,
  saturating,
  startingAt,
  steps,
  sum,
} from '../kit/parts.ts'
import { exponential, logUniform, type Rng, uniform, whole } from '../kit/rng.ts'
import { drawSetting, type Setting } from '../kit/setting.ts'
import type { TraceFamily } from '../labelled.ts'

const NOTHING: Part = () => 0

/** Bytes that have leaked at the trace's end. */
function share(rng: Rng, setting: Setting, low = 0.34, high = 0.95): number {
  return setting.headroomBytes * uniform(rng, low, high)
}

/** When a leak begins that does not begin with the process. */
function late(rng: Rng, setting: Setting, low: number, high: number): number {
  return setting.durationSec * uniform(rng, low, high)
}

/** A list that grows by an eighth when it is full, and is copied then (CPython's list_resize). */
function overAllocated(top: number, untilSec: number): Part {
  return (t) => {
    const used = top * Math.min(1, t / untilSec)
    const list = 0.12 * used
    const allotted = list === 0 ? 0 : 1.125 ** Math.ceil(Math.log(list) / Math.log(1.125))
    return used + (allotted - list)
  }
}

/** A hash map: its table doubles. */
function doubling(top: number, untilSec: number): Part {
  return (t) => {
    const used = top * Math.min(1, t / untilSec)
    const table = used < MIB ? 0 : 0.15 * 2 ** Math.floor(Math.log2(used))
    return 0.85 * used + table
  }
}

export const PLAIN_LEAKS: readonly TraceFamily[] = [
  leaking('leak-fast', 'a loop that fills what is free within a minute or some', (rng) => {
    const setting = drawSetting(rng, { durationSec: [60, 10 * MINUTE_SEC] })
    const onsetSec = setting.durationSec * uniform(rng, 0, 0.5)
    const left = setting.durationSec - onsetSec
    const grow = ramp(setting.headroomBytes * uniform(rng, 0.6, 0.97), left)
    return { setting, healthy: NOTHING, leak: { onsetSec, part: startingAt(onsetSec, grow) } }
  }),
  leaking('leak-linear', 'a request handler that forgets one object each time', (rng) => {
    const setting = drawSetting(rng, { durationSec: [10 * MINUTE_SEC, 10 * DAY_SEC] })
    const part = ramp(share(rng, setting), setting.durationSec)
    return { setting, healthy: NOTHING, leak: { onsetSec: 0, part } }
  }),
  leaking('leak-noisy', 'the same under request buffers that come and go', (rng) => {
    const setting = drawSetting(rng, { durationSec: [10 * MINUTE_SEC, 10 * DAY_SEC] })
    const deviation = setting.headroomBytes * uniform(rng, 0.01, 0.05)
    const noise = meanReverting(rng, deviation, setting.sampleSec * logUniform(rng, 0.3, 20))
    const part = ramp(share(rng, setting, 0.35, 0.8), setting.durationSec)
    return { setting, healthy: (t) => 3 * deviation + noise(t), leak: { onsetSec: 0, part } }
  }),
  leaking('leak-slow', 'a drip of 0.05 to 0.15 % of what is free an hour, over weeks', (rng) => {
    const setting = drawSetting(rng, { durationSec: [11 * DAY_SEC, 14 * DAY_SEC] })
    const perHour = setting.headroomBytes * logUniform(rng, 0.0005, 0.0015)
    const noise = meanReverting(rng, setting.headroomBytes * uniform(rng, 0.001, 0.006), HOUR_SEC)
    const healthy: Part = (t) => setting.headroomBytes * 0.02 + noise(t)
    const part: Part = (t) => (perHour * t) / HOUR_SEC
    return { setting, healthy, leak: { onsetSec: 0, part } }
  }),
  leaking('leak-after-warm-up', 'a service that warms up first and then goes on growing', (rng) => {
    const setting = drawSetting(rng, { durationSec: [10 * MINUTE_SEC, 7 * DAY_SEC] })
    const tau = setting.durationSec * uniform(rng, 0.01, 0.06)
    const onsetSec = tau * uniform(rng, 0, 5)
    const healthy = saturating(setting.headroomBytes * uniform(rng, 0.05, 0.3), tau)
    const grow = ramp(share(rng, setting, 0.35, 0.65), setting.durationSec - onsetSec)
    return { setting, healthy, leak: { onsetSec, part: startingAt(onsetSec, grow) } }
  }),
  leaking('leak-mid-life', 'a leak that a change of configuration lets loose', (rng) => {
    const setting = drawSetting(rng, { durationSec: [10 * MINUTE_SEC, 14 * DAY_SEC] })
    const onsetSec = late(rng, setting, 0.25, 0.7)
    const grow = ramp(share(rng, setting), setting.durationSec - onsetSec)
    return { setting, healthy: NOTHING, leak: { onsetSec, part: startingAt(onsetSec, grow) } }
  }),
  leaking('leak-steps', 'a job, each so often, that leaves its buffers behind', (rng) => {
    const setting = drawSetting(rng, { durationSec: [10 * MINUTE_SEC, 10 * DAY_SEC] })
    const part = inChunks(
      ramp(share(rng, setting), setting.durationSec),
      setting.headroomBytes / whole(rng, 10, 40),
    )
    return { setting, healthy: NOTHING, leak: { onsetSec: 0, part } }
  }),
  leaking('leak-steps-irregular', 'an error path that is taken now and then', (rng) => {
    const setting = drawSetting(rng, { durationSec: [10 * MINUTE_SEC, 10 * DAY_SEC] })
    const mean = setting.durationSec / whole(rng, 15, 60)
    const onsetSec = late(rng, setting, 0, 0.3)
    const times: number[] = []
    for (let at = onsetSec; at < setting.durationSec; at += exponential(rng, mean)) times.push(at)
    const total = share(rng, setting)
    const heights = times.map(() => exponential(rng, 1))
    const all = heights.reduce((a, b) => a + b, 0)
    const scaled = heights.map((height) => (height / all) * total)
    return { setting, healthy: NOTHING, leak: { onsetSec, part: steps(times, scaled) } }
  }),
  leaking('leak-accelerating', 'a leak that each user causes, with ever more users', (rng) => {
    const setting = drawSetting(rng, { durationSec: [10 * MINUTE_SEC, 7 * DAY_SEC] })
    const part = power(share(rng, setting), setting.durationSec, uniform(rng, 1.3, 2.2))
    return { setting, healthy: NOTHING, leak: { onsetSec: 0, part } }
  }),
  leaking(
    'leak-slowing',
    'a leak per distinct key, of which ever fewer are new, without a bound',
    (rng) => {
      const setting = drawSetting(rng, { durationSec: [10 * MINUTE_SEC, 10 * DAY_SEC] })
      const total = share(rng, setting, 0.6, 0.97)
      const part = power(total, setting.durationSec, uniform(rng, 0.5, 0.75))
      return { setting, healthy: NOTHING, leak: { onsetSec: 0, part } }
    },
  ),
  leaking('leak-list', 'a list that is only appended to', (rng) => {
    const setting = drawSetting(rng, { durationSec: [90, 20 * MINUTE_SEC] })
    const onsetSec = late(rng, setting, 0, 0.2)
    const grow = overAllocated(share(rng, setting, 0.45, 0.9), setting.durationSec - onsetSec)
    return { setting, healthy: NOTHING, leak: { onsetSec, part: startingAt(onsetSec, grow) } }
  }),
  leaking('leak-map', 'a map that is never cleared, behind a collector', (rng) => {
    const setting = drawSetting(rng, { durationSec: [2 * MINUTE_SEC, 30 * MINUTE_SEC] })
    const part = doubling(share(rng, setting, 0.5, 0.85), setting.durationSec)
    const { durationSec, headroomBytes } = setting
    const period = durationSec / logUniform(rng, 20, 120)
    const scavenges: Part = (t) => headroomBytes * 0.04 * ((t % period) / period)
    return { setting, healthy: sum(scavenges), leak: { onsetSec: 0, part } }
  }),
]
