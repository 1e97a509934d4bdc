/** @module Leaks by what is done: requests, connections, errors, sessions, batches, nights. */
import { DAY_SEC, HOUR_SEC, MINUTE_SEC } from '../../../src/base/units.ts'
import { leaking } from '../kit/family.ts'
import { bursts, meanReverting, type Part, sawtooth, sum } from '../kit/parts.ts'
import { exponential, logUniform, pick, type Rng, uniform, whole } from '../kit/rng.ts'
import type { Setting } from '../kit/setting.ts'
import type { TraceFamily } from '../labelled.ts'
import { drawHost, drawLoss, drawOnset } from './host.ts'
import { lively, officeWeek, poisson, waiting, webDay } from './load.ts'
import { beginOf, pileUp, scaleTo, tabulate } from './rows.ts'

/** Events that come at random and are told by how many came up to each row. */
function events(rng: Rng, pace: Part): Part {
  let last = 0
  return (t) => {
    const gone = t - last
    last = t
    return gone > 0 ? poisson(rng, pace(t) * gone) / gone : 0
  }
}

/** Times in which something is broken, and errors are many. */
function incidents(rng: Rng, { durationSec }: Setting): Part {
  const apartSec = durationSec / whole(rng, 18, 60)
  return bursts(rng, 1, apartSec, apartSec * uniform(rng, 0.05, 0.4))
}

/** From `hour` on, each day, for so long. */
function nightly(phaseSec: number, hour: number, lastsSec: number): Part {
  return (t) => ((t + phaseSec + DAY_SEC - hour * HOUR_SEC) % DAY_SEC < lastsSec ? 1 : 0)
}

export const LEAKS_BY_WORK: readonly TraceFamily[] = [
  leaking('leak-per-request', 'an object kept for each request, by the day’s load', (rng) => {
    const setting = drawHost(rng, { durationSec: [2 * DAY_SEC, 9 * DAY_SEC] })
    const shape = lively(
      rng,
      webDay(uniform(rng, 0, DAY_SEC)),
      uniform(rng, 0.05, 0.4),
      5 * MINUTE_SEC,
    )
    const load = tabulate(setting, shape)
    const taken = uniform(rng, 0.02, 0.25)
    const healthy = scaleTo(setting, taken * setting.headroomBytes, load)
    return {
      setting,
      healthy,
      leak: { onsetSec: 0, part: pileUp(setting, drawLoss(setting, taken), load) },
    }
  }),
  leaking('leak-per-connection', 'a structure that outlives each closed connection', (rng) => {
    const setting = drawHost(rng, { durationSec: [10 * MINUTE_SEC, 4 * DAY_SEC] })
    const { durationSec, headroomBytes } = setting
    const mean = whole(rng, 5, 300)
    const load = lively(
      rng,
      () => mean,
      uniform(rng, 0.1, 0.6),
      durationSec * logUniform(rng, 0.004, 0.04),
    )
    const open = tabulate(setting, (t) => poisson(rng, load(t)))
    const onsetSec = drawOnset(setting)
    const taken = uniform(rng, 0.03, 0.2)
    const healthy = scaleTo(setting, taken * headroomBytes, open)
    return {
      setting,
      healthy,
      leak: { onsetSec, part: pileUp(setting, drawLoss(setting, taken), open, onsetSec) },
    }
  }),
  leaking('leak-per-error', 'a trace kept for each error, and errors come in heaps', (rng) => {
    const setting = drawHost(rng, { durationSec: [40 * MINUTE_SEC, 9 * DAY_SEC] })
    const burst = incidents(rng, setting)
    const quiet = uniform(rng, 0, 0.05)
    const perSec = logUniform(rng, 300, 5000) / setting.durationSec
    const errors = events(rng, (t) => perSec * (quiet + burst(t)))
    const part = pileUp(setting, drawLoss(setting, 0, 0.4), errors)
    return { setting, healthy: () => 0, leak: { onsetSec: 0, part } }
  }),
  leaking('leak-at-night', 'a report each night that keeps its rows', (rng) => {
    const setting = drawHost(rng, { durationSec: [7 * DAY_SEC, 14 * DAY_SEC] })
    const phase = uniform(rng, 0, DAY_SEC)
    const at = whole(rng, 1, 4)
    const lasts = uniform(rng, 0.5, 4) * HOUR_SEC
    const taken = uniform(rng, 0.02, 0.15)
    const day = lively(rng, webDay(phase), 0.1, 10 * MINUTE_SEC)
    const healthy = scaleTo(setting, taken * setting.headroomBytes, day)
    const part = pileUp(setting, drawLoss(setting, taken, 0.35), nightly(phase, at, lasts))
    return { setting, healthy, leak: { onsetSec: beginOf(setting, part), part } }
  }),
  leaking('leak-in-office-hours', 'a leak that rests at night and at weekends', (rng) => {
    const setting = drawHost(rng, { durationSec: [8 * DAY_SEC, 14 * DAY_SEC] })
    const office = officeWeek(uniform(rng, 0, 7 * DAY_SEC), uniform(rng, 0, 0.2))
    const load = tabulate(setting, lively(rng, office, uniform(rng, 0.1, 0.3), 10 * MINUTE_SEC))
    const taken = uniform(rng, 0.02, 0.2)
    const healthy = scaleTo(setting, taken * setting.headroomBytes, load)
    const part = pileUp(setting, drawLoss(setting, taken, 0.4), load)
    return { setting, healthy, leak: { onsetSec: 0, part } }
  }),
  leaking('leak-below-day', 'a constant leak that the day’s load hides for some days', (rng) => {
    const setting = drawHost(rng, { durationSec: [4 * DAY_SEC, 14 * DAY_SEC] })
    const phase = uniform(rng, 0, 7 * DAY_SEC)
    const shape = pick(rng, [webDay(phase), officeWeek(phase, uniform(rng, 0.1, 0.9))])
    const taken = uniform(rng, 0.15, 0.45)
    const load = lively(rng, shape, uniform(rng, 0.03, 0.15), 8 * MINUTE_SEC)
    const healthy = scaleTo(setting, taken * setting.headroomBytes, load)
    const part = pileUp(setting, drawLoss(setting, taken, 0.28), () => 1)
    return { setting, healthy, leak: { onsetSec: 0, part } }
  }),
  leaking(
    'leak-when-traffic-doubles',
    'a leak by the request, and twice the requests from some day',
    (rng) => {
      const setting = drawHost(rng, { durationSec: [2 * HOUR_SEC, 8 * DAY_SEC] })
      const doubledAt = setting.durationSec * uniform(rng, 0.35, 0.7)
      const factor = uniform(rng, 1.8, 2.5)
      const load = tabulate(
        setting,
        lively(rng, (t) => (t < doubledAt ? 1 : factor), uniform(rng, 0.03, 0.25), 3 * MINUTE_SEC),
      )
      const taken = uniform(rng, 0.03, 0.2)
      const healthy = scaleTo(setting, taken * setting.headroomBytes, load)
      const part = pileUp(setting, drawLoss(setting, taken, 0.35), load)
      return { setting, healthy, leak: { onsetSec: 0, part } }
    },
  ),
  leaking('leak-unexpired', 'sessions of which some are never found by the sweep', (rng) => {
    const setting = drawHost(rng, { durationSec: [3 * HOUR_SEC, 5 * DAY_SEC] })
    const ttl = setting.durationSec * uniform(rng, 0.03, 0.15)
    const taken = uniform(rng, 0.08, 0.35)
    const noise = meanReverting(rng, 0.04 * taken * setting.headroomBytes, ttl * 0.2)
    const live: Part = (t) => taken * 0.85 * setting.headroomBytes * Math.min(1, t / ttl)
    const healthy: Part = (t) => Math.max(0, live(t) + noise(t))
    // What should have gone first goes missing when the first sessions are due.
    const part = pileUp(setting, drawLoss(setting, taken, 0.35), () => 1, ttl)
    return { setting, healthy, leak: { onsetSec: ttl, part } }
  }),
  leaking('leak-batch-residue', 'batches that give back all but a little', (rng) => {
    const setting = drawHost(rng, { durationSec: [30 * MINUTE_SEC, 7 * DAY_SEC] })
    const count = whole(rng, 18, 120)
    const period = setting.durationSec / count
    const busyShare = uniform(rng, 0.2, 0.7)
    const taken = uniform(rng, 0.1, 0.4)
    const heights = Array.from({ length: count + 1 }, () => uniform(rng, 0.5, 1))
    const isBusy = (t: number) => (t % period) / period < busyShare
    const healthy: Part = (t) => {
      const height = heights[Math.floor(t / period)] ?? 1
      return isBusy(t) ? taken * setting.headroomBytes * height : 0
    }
    const part = pileUp(setting, drawLoss(setting, taken, 0.3), (t) => (isBusy(t) ? 1 : 0))
    return { setting, healthy, leak: { onsetSec: 0, part } }
  }),
  leaking('leak-slow-consumer', 'a queue whose consumer is always a little too slow', (rng) => {
    const setting = drawHost(rng, { durationSec: [5 * DAY_SEC, 12 * DAY_SEC] })
    const shape = lively(rng, webDay(uniform(rng, 0, DAY_SEC)), 0.15, 10 * MINUTE_SEC)
    const came = tabulate(setting, shape)
    const mean = setting.tSec.reduce((sum, t) => sum + came(t), 0) / setting.tSec.length
    // By night some is worked off, but less than has come by day: what leaks is not monotone.
    const queue = waiting(came, mean * uniform(rng, 0.55, 0.8))
    const taken = uniform(rng, 0.03, 0.12)
    const healthy = scaleTo(setting, taken * setting.headroomBytes, came)
    const part = scaleTo(setting, drawLoss(setting, taken, 0.45), queue)
    return { setting, healthy, leak: { onsetSec: 0, part } }
  }),
  leaking('leak-timer', 'a timer that keeps one record each time it fires', (rng) => {
    const setting = drawHost(rng, { durationSec: [6 * MINUTE_SEC, 2 * HOUR_SEC] })
    const every = setting.durationSec / logUniform(rng, 30, 3000)
    const onsetSec = drawOnset(setting)
    const total = drawLoss(setting)
    const part: Part = (t) =>
      (total * Math.floor(Math.max(0, t - onsetSec) / every) * every) /
      (setting.durationSec - onsetSec)
    const work = sawtooth(rng, 0.02 * setting.headroomBytes, every * uniform(rng, 1.5, 9), 0.3)
    return { setting, healthy: sum(work), leak: { onsetSec, part } }
  }),
  leaking('leak-big-chunks', 'a rare job that forgets a buffer as large as its input', (rng) => {
    const setting = drawHost(rng, { durationSec: [2 * HOUR_SEC, 13 * DAY_SEC] })
    const count = whole(rng, 11, 22)
    const gaps = Array.from({ length: count + 1 }, () => 0.35 + exponential(rng, 0.65))
    const all = gaps.reduce((a, b) => a + b, 0)
    let at = 0
    const times = gaps.slice(0, count).map((gap) => {
      at += (gap * setting.durationSec) / all
      return at
    })
    const sizes = times.map(() => uniform(rng, 0.4, 1.6))
    const sizeSum = sizes.reduce((a, b) => a + b, 0)
    const total = drawLoss(setting, 0, 0.45)
    const part: Part = (t) =>
      times.reduce(
        (sofar, when, i) => (when <= t ? sofar + (total * (sizes[i] ?? 0)) / sizeSum : sofar),
        0,
      )
    return { setting, healthy: () => 0, leak: { onsetSec: times[0] ?? 0, part } }
  }),
]
