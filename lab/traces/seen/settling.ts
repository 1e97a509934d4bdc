/** @module Lives that grow and then hold: warm-ups, caches, allocators. */
import { DAY_SEC, HOUR_SEC, MINUTE_SEC } from '../../../src/base/units.ts'
import { harmless } from '../kit/family.ts'
import {
  dayShape,
  highWater,
  logarithmic,
  meanReverting,
  type Part,
  ramp,
  saturating,
  steps,
  sum,
} from '../kit/parts.ts'
import { exponential, logUniform, pick, type Rng, uniform, whole } from '../kit/rng.ts'
import { drawSetting, type Setting } from '../kit/setting.ts'
import type { TraceFamily } from '../labelled.ts'

/** Hash tables grow by doubling: while one is moved, both are held. */
function rehashes(top: number, untilSec: number): Part {
  return (t) => {
    const share = Math.min(1, t / untilSec)
    const table = 2 ** Math.ceil(Math.log2(Math.max(share, 1 / 64)))
    const isMoving = share < 1 && share / table > 0.5 && share / table < 0.56
    return top * 0.06 * (isMoving ? 1.5 * table : table)
  }
}

/** Work by threads of which each, at some time, is the first to use an arena of its own. */
function arenas(rng: Rng, setting: Setting, top: number): Part {
  const count = whole(rng, 4, 32)
  const times: number[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    // The chance that a thread without an arena comes next falls as arenas are made.
    at += exponential(rng, (setting.durationSec * 0.04) / (1 - i / count))
    times.push(at)
  }
  const heights = times.map(() => top / count)
  return steps(times, heights)
}

export const SETTLING: readonly TraceFamily[] = [
  harmless('warm-up', 'a service that loads what its first requests need', (rng) => {
    const tau = logUniform(rng, MINUTE_SEC, 16 * HOUR_SEC)
    const duration = tau * uniform(rng, 1.2, 14)
    const setting = drawSetting(rng, {
      durationSec: [duration, Math.min(duration * 1.5, 14 * DAY_SEC)],
    })
    return { setting, healthy: saturating(setting.headroomBytes * uniform(rng, 0.05, 0.6), tau) }
  }),
  harmless(
    'warm-up-in-stages',
    'a runtime that compiles first and fills its caches later',
    (rng) => {
      const setting = drawSetting(rng, { durationSec: [5 * MINUTE_SEC, 7 * DAY_SEC] })
      const { headroomBytes, durationSec } = setting
      return {
        setting,
        healthy: sum(
          saturating(
            headroomBytes * uniform(rng, 0.03, 0.25),
            durationSec * logUniform(rng, 0.003, 0.02),
          ),
          saturating(
            headroomBytes * uniform(rng, 0.05, 0.3),
            durationSec * uniform(rng, 0.03, 0.16),
          ),
        ),
      }
    },
  ),
  harmless('start-up', 'a server that reserves its buffers in its first seconds', (rng) => {
    const setting = drawSetting(rng, { durationSec: [60, DAY_SEC] })
    const until = Math.min(30, setting.durationSec * uniform(rng, 0.02, 0.3))
    return { setting, healthy: ramp(setting.headroomBytes * uniform(rng, 0.03, 0.4), until) }
  }),
  harmless('cache-linear', 'a cache that fills at a constant rate up to its bound', (rng) => {
    const setting = drawSetting(rng, { durationSec: [2 * MINUTE_SEC, 10 * DAY_SEC] })
    const top = setting.headroomBytes * logUniform(rng, 0.05, 0.6)
    return { setting, healthy: ramp(top, setting.durationSec * uniform(rng, 0.05, 0.85)) }
  }),
  harmless('cache-by-day', 'a cache that fills with the day’s load, over some days', (rng) => {
    const setting = drawSetting(rng, { durationSec: [6 * DAY_SEC, 14 * DAY_SEC] })
    const phase = uniform(rng, 0, DAY_SEC)
    const top = setting.headroomBytes * uniform(rng, 0.1, 0.45)
    const fillSec = setting.durationSec * uniform(rng, 0.08, 0.3)
    let used = 0
    let last = 0
    return {
      setting,
      healthy: (t) => {
        used += dayShape(t, phase) * 2 * (t - last)
        last = t
        return top * (1 - Math.exp((-2 * used) / fillSec))
      },
    }
  }),
  harmless('cache-log', 'a cache that sees ever fewer new keys', (rng) => {
    const setting = drawSetting(rng, { durationSec: [5 * MINUTE_SEC, 14 * DAY_SEC] })
    const scale = setting.durationSec * logUniform(rng, 0.0005, 0.02)
    const top = setting.headroomBytes * uniform(rng, 0.05, 0.4)
    return { setting, healthy: logarithmic(top, scale, setting.durationSec) }
  }),
  harmless(
    'key-value-store',
    'a store that fills to its configured bound and then evicts',
    (rng) => {
      const setting = drawSetting(rng, { durationSec: [90, 20 * MINUTE_SEC] })
      const top = setting.headroomBytes * uniform(rng, 0.08, 0.5)
      const fillSec = setting.durationSec * uniform(rng, 0.1, 0.8)
      const wobble = meanReverting(rng, top * 0.004, 3)
      const evicting: Part = (t) => (t > fillSec ? wobble(t) : 0)
      return { setting, healthy: sum(ramp(top, fillSec), rehashes(top, fillSec), evicting) }
    },
  ),
  harmless(
    'shared-buffers',
    'a database whose workers touch its shared buffers one by one',
    (rng) => {
      const setting = drawSetting(rng, { durationSec: [3 * MINUTE_SEC, 3 * DAY_SEC] })
      const top = setting.headroomBytes * uniform(rng, 0.1, 0.5)
      const tau = setting.durationSec * uniform(rng, 0.03, 0.2)
      return {
        setting,
        healthy: saturating(top * 0.1, tau),
        shmem: saturating(top, tau),
      }
    },
  ),
  harmless('arenas', 'an allocator that makes arenas until each thread has one', (rng) => {
    const setting = drawSetting(rng, { durationSec: [3 * MINUTE_SEC, 7 * DAY_SEC] })
    const top = setting.headroomBytes * uniform(rng, 0.05, 0.35)
    return { setting, healthy: arenas(rng, setting, top) }
  }),
  harmless('high-water', 'an allocator that keeps what its busiest moment needed', (rng) => {
    const setting = drawSetting(rng, { durationSec: [10 * MINUTE_SEC, 14 * DAY_SEC] })
    const deviation = setting.headroomBytes * uniform(rng, 0.02, 0.09)
    const walk = meanReverting(rng, deviation, setting.durationSec * logUniform(rng, 0.001, 0.02))
    return { setting, healthy: highWater((t) => Math.max(0, 2 * deviation + walk(t))) }
  }),
  harmless(
    'fragmentation',
    'a heap whose holes make it larger than what is in it, up to a point',
    (rng) => {
      const setting = drawSetting(rng, { durationSec: [HOUR_SEC, 14 * DAY_SEC] })
      const { headroomBytes, durationSec } = setting
      const live = headroomBytes * uniform(rng, 0.05, 0.2)
      const walk = meanReverting(rng, live / 5, durationSec * 0.01)
      const holes = saturating(live * uniform(rng, 0.3, 1.2), durationSec * uniform(rng, 0.05, 0.2))
      const kept = highWater((t) => live + walk(t))
      const share = pick(rng, [0, 0.5, 0.9])
      return {
        setting,
        healthy: (t) => holes(t) + share * kept(t) + (1 - share) * (live + walk(t)),
      }
    },
  ),
]
