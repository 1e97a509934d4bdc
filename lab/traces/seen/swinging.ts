/** @module Lives that go up and down: collectors, load, days and weeks, restarts. */
import { DAY_SEC, HOUR_SEC, MINUTE_SEC } from '../../../src/base/units.ts'
import { harmless } from '../kit/family.ts'
import {
  bursts,
  dayShape,
  generations,
  highWater,
  meanReverting,
  type Part,
  saturating,
  sawtooth,
  steps,
  sum,
  swings,
  weekShape,
} from '../kit/parts.ts'
import { exponential, logUniform, pick, uniform, whole } from '../kit/rng.ts'
import { drawSetting } from '../kit/setting.ts'
import type { TraceFamily } from '../labelled.ts'

export const SWINGING: readonly TraceFamily[] = [
  harmless('collector', 'a garbage collector over a live set that stays', (rng) => {
    const setting = drawSetting(rng, { durationSec: [2 * MINUTE_SEC, 10 * DAY_SEC] })
    const period = setting.durationSec / logUniform(rng, 1.5, 300)
    const height = setting.headroomBytes * uniform(rng, 0.05, 0.5)
    return { setting, healthy: sawtooth(rng, height, period, uniform(rng, 0, 0.5)) }
  }),
  harmless(
    'collector-generations',
    'a heap whose old generation fills until a full collection',
    (rng) => {
      const setting = drawSetting(rng, { durationSec: [10 * MINUTE_SEC, 14 * DAY_SEC] })
      const { headroomBytes, durationSec } = setting
      const full = durationSec / logUniform(rng, 2.5, 20)
      const minors = whole(rng, 6, 30)
      const young = headroomBytes * uniform(rng, 0.02, 0.12)
      const old = headroomBytes * uniform(rng, 0.08, 0.32)
      return {
        setting,
        healthy: sum(
          sawtooth(rng, young, full / minors, 0.2),
          generations(rng, old, full / minors, minors),
        ),
      }
    },
  ),
  harmless('collector-warms-up', 'a runtime that warms up behind its collector', (rng) => {
    const setting = drawSetting(rng, { durationSec: [5 * MINUTE_SEC, 5 * DAY_SEC] })
    const { headroomBytes, durationSec } = setting
    const tooth = sawtooth(
      rng,
      headroomBytes * uniform(rng, 0.05, 0.25),
      durationSec / logUniform(rng, 10, 200),
      0.4,
    )
    const tau = durationSec * uniform(rng, 0.02, 0.2)
    return {
      setting,
      healthy: sum(tooth, saturating(headroomBytes * uniform(rng, 0.05, 0.35), tau)),
    }
  }),
  harmless('heap-settles', 'a virtual machine that touches its heap once and keeps it', (rng) => {
    const setting = drawSetting(rng, { durationSec: [3 * MINUTE_SEC, 3 * DAY_SEC] })
    const { headroomBytes, durationSec } = setting
    const top = headroomBytes * uniform(rng, 0.1, 0.5)
    const young = sawtooth(rng, top, durationSec / whole(rng, 20, 80), 0.6)
    const grow = saturating(1, durationSec * uniform(rng, 0.02, 0.12))
    return { setting, healthy: highWater((t) => young(t) * (0.4 + 0.6 * grow(t))) }
  }),
  harmless('daily', 'a site that is busy in the afternoon', (rng) => {
    const setting = drawSetting(rng, { durationSec: [0.6 * DAY_SEC, 14 * DAY_SEC] })
    const phase = uniform(rng, 0, DAY_SEC)
    const height = setting.headroomBytes * uniform(rng, 0.1, 0.6)
    const noise = meanReverting(rng, height * 0.05, 20 * MINUTE_SEC)
    return { setting, healthy: (t) => Math.max(0, height * dayShape(t, phase) + noise(t)) }
  }),
  harmless('weekly', 'an office server with five busy days, some busier', (rng) => {
    const setting = drawSetting(rng, { durationSec: [10 * DAY_SEC, 14 * DAY_SEC] })
    const phase = uniform(rng, 0, 7 * DAY_SEC)
    const height = setting.headroomBytes * uniform(rng, 0.15, 0.5)
    const weekend = uniform(rng, 0.05, 0.5)
    const days = Array.from({ length: 15 }, () => uniform(rng, 0.75, 1.15))
    const noise = meanReverting(rng, height * 0.04, HOUR_SEC)
    return {
      setting,
      healthy: (t) => {
        const day = days[Math.floor(t / DAY_SEC)] ?? 1
        const load = dayShape(t, phase) * weekShape(t, phase, weekend) * day
        return Math.max(0, height * (0.15 + 0.85 * load) + noise(t))
      },
    }
  }),
  harmless('nightly-batch', 'a job that grows through the night and then ends', (rng) => {
    const setting = drawSetting(rng, { durationSec: [3 * DAY_SEC, 14 * DAY_SEC] })
    const height = setting.headroomBytes * uniform(rng, 0.1, 0.4)
    const lasts = logUniform(rng, 30 * MINUTE_SEC, 6 * HOUR_SEC)
    const phase = uniform(rng, 0, DAY_SEC)
    const days = Array.from({ length: 16 }, () => uniform(rng, 0.7, 1))
    return {
      setting,
      healthy: (t) => {
        const since = (t + phase) % DAY_SEC
        const size = days[Math.floor((t + phase) / DAY_SEC)] ?? 1
        return since < lasts ? (height * size * since) / lasts : 0
      },
    }
  }),
  harmless('load-pool', 'workers and connections that follow the load', (rng) => {
    const setting = drawSetting(rng, { durationSec: [5 * MINUTE_SEC, 7 * DAY_SEC] })
    const load = swings(rng, setting.durationSec * logUniform(rng, 0.01, 0.12))
    const height = setting.headroomBytes * uniform(rng, 0.1, 0.5)
    const workers = whole(rng, 8, 200)
    let now = 0
    return {
      setting,
      healthy: (t) => {
        now = Math.round(load(t) * workers)
        return (height * now) / workers
      },
      threads: () => now,
    }
  }),
  harmless('load-test', 'a server under a load that is raised, held and taken away', (rng) => {
    const setting = drawSetting(rng, { durationSec: [2 * MINUTE_SEC, 6 * HOUR_SEC] })
    const { durationSec } = setting
    const height = setting.headroomBytes * uniform(rng, 0.08, 0.45)
    const from = durationSec * uniform(rng, 0.05, 0.3)
    const rise = durationSec * uniform(rng, 0.03, 0.3)
    const until = from + rise + durationSec * uniform(rng, 0.1, 0.3)
    const kept = pick(rng, [0, 0.3, 1])
    const noise = meanReverting(rng, height * 0.03, setting.sampleSec * 4)
    const shape: Part = (t) => {
      if (t < from) return 0
      if (t < until) return Math.min(1, (t - from) / rise)
      return Math.max(kept, 1 - (t - until) / (rise * 0.3))
    }
    return { setting, healthy: (t) => Math.max(0, shape(t) * (height + noise(t))) }
  }),
  harmless(
    'indexer',
    'a program that reads all of its input first and keeps the smaller part',
    (rng) => {
      const setting = drawSetting(rng, { durationSec: [90, 4 * HOUR_SEC] })
      const until = setting.durationSec * uniform(rng, 0.05, 0.5)
      const height = setting.headroomBytes * uniform(rng, 0.06, 0.45)
      const kept = uniform(rng, 0.2, 0.7)
      const tooth = sawtooth(rng, height * 0.15, until / whole(rng, 4, 30), 0.5)
      const read: Part = (t) => (t < until ? height * (t / until) + tooth(t) : height * kept)
      return { setting, healthy: read }
    },
  ),
  harmless(
    'restarts-unmarked',
    'a worker that its parent replaces after so many requests',
    (rng) => {
      const setting = drawSetting(rng, { durationSec: [10 * MINUTE_SEC, 5 * DAY_SEC] })
      const life = setting.durationSec / logUniform(rng, 3, 40)
      const top = setting.headroomBytes * uniform(rng, 0.05, 0.4)
      const tau = life * uniform(rng, 0.05, 0.3)
      let from = 0
      let until = life
      return {
        setting,
        healthy: (t) => {
          while (t >= until) {
            from = until
            until += life * uniform(rng, 0.7, 1.3)
          }
          return saturating(top, tau)(t - from)
        },
      }
    },
  ),
  harmless('batch-jobs', 'jobs, one after the other, that each grow and end', (rng) => {
    const setting = drawSetting(rng, { durationSec: [5 * MINUTE_SEC, 3 * DAY_SEC] })
    const mean = setting.durationSec / whole(rng, 5, 40)
    const height = setting.headroomBytes * uniform(rng, 0.05, 0.3)
    let from = 0
    let to = 0
    let top = 0
    return {
      setting,
      healthy: (t) => {
        if (t >= to) {
          from = t + exponential(rng, mean * 0.2)
          to = from + mean * uniform(rng, 0.3, 1.5)
          top = height * uniform(rng, 0.4, 1)
        }
        return t < from ? 0 : top * Math.min(1, (1.3 * (t - from)) / (to - from))
      },
    }
  }),
  harmless('browser', 'a browser whose tabs come and go', (rng) => {
    const setting = drawSetting(rng, { durationSec: [4 * MINUTE_SEC, 12 * HOUR_SEC] })
    const { headroomBytes, durationSec } = setting
    const tab = headroomBytes * uniform(rng, 0.02, 0.06)
    const open: number[] = []
    const most = whole(rng, 3, 9)
    let next = 0
    const script = sawtooth(rng, tab, durationSec / 60, 0.6)
    const tabs: Part = (t) => {
      while (next <= t) {
        next += exponential(rng, durationSec / 50)
        const isOpening = open.length < most && rng() < 1 - open.length / (most + 1)
        if (isOpening) open.push(tab * uniform(rng, 0.4, 1.6))
        else open.splice(Math.floor(rng() * open.length), 1)
      }
      return open.reduce((total, each) => total + each, 0)
    }
    return { setting, healthy: sum(tabs, script) }
  }),
  harmless(
    'machine',
    'a machine of a cluster: days, drift that returns, jobs placed and taken away',
    (rng) => {
      const setting = drawSetting(rng, { durationSec: [3 * DAY_SEC, 10 * DAY_SEC] })
      const { headroomBytes, durationSec } = setting
      const phase = uniform(rng, 0, DAY_SEC)
      const daily = headroomBytes * uniform(rng, 0.03, 0.2)
      const jobs = bursts(rng, headroomBytes * uniform(rng, 0.05, 0.2), 6 * HOUR_SEC, 5 * HOUR_SEC)
      const drift = meanReverting(rng, headroomBytes * uniform(rng, 0.02, 0.06), durationSec * 0.08)
      const level = headroomBytes * 0.15
      return {
        setting,
        healthy: (t) => Math.max(0, level + daily * dayShape(t, phase) + jobs(t) + drift(t)),
      }
    },
  ),
  harmless('restarts', 'a healthy service that is deployed often and warms up each time', (rng) => {
    const setting = drawSetting(rng, { durationSec: [10 * MINUTE_SEC, 10 * DAY_SEC] })
    const { headroomBytes, durationSec } = setting
    const count = whole(rng, 2, 15)
    const startsSec = Array.from(
      { length: count },
      (_, i) => (durationSec * (i + 1 + uniform(rng, -0.3, 0.3))) / (count + 1),
    )
    const life = durationSec / (count + 1)
    const tau = life * pick(rng, [0.03, 0.1, 0.25])
    const top = headroomBytes * uniform(rng, 0.05, 0.4)
    const heights = startsSec.map(() => 1)
    const incarnation = steps(startsSec, heights)
    return {
      setting,
      startsSec,
      healthy: (t) => {
        const number = incarnation(t)
        const since = t - (number === 0 ? 0 : (startsSec[number - 1] as number))
        return saturating(top, tau)(since)
      },
    }
  }),
]
