/** @module Lives that stay where they are, quietly or not. */
import { DAY_SEC, HOUR_SEC, MINUTE_SEC } from '../../../src/base/units.ts'
import { harmless } from '../kit/family.ts'
import {
  bursts,
  logarithmic,
  meanReverting,
  type Part,
  ramp,
  saturating,
  steps,
  sum,
} from '../kit/parts.ts'
import { exponential, logUniform, pick, uniform, whole } from '../kit/rng.ts'
import { drawSetting } from '../kit/setting.ts'
import type { TraceFamily } from '../labelled.ts'

const ANY = [60, 14 * DAY_SEC] as const

export const STEADY: readonly TraceFamily[] = [
  harmless('flat', 'an idle daemon', (rng) => ({
    setting: drawSetting(rng, { durationSec: ANY }),
    healthy: () => 0,
  })),
  harmless('noisy', 'a server whose request buffers come and go', (rng) => {
    const setting = drawSetting(rng, { durationSec: ANY })
    const deviation = setting.headroomBytes * uniform(rng, 0.01, 0.06)
    const noise = meanReverting(rng, deviation, setting.sampleSec * logUniform(rng, 0.1, 3))
    return { setting, healthy: (t) => 4 * deviation + noise(t) }
  }),
  harmless('mean-reverting', 'a pool of buffers whose size wanders', (rng) => {
    const setting = drawSetting(rng, { durationSec: ANY })
    const deviation = setting.headroomBytes * uniform(rng, 0.03, 0.1)
    const walk = meanReverting(rng, deviation, setting.durationSec * logUniform(rng, 0.005, 0.06))
    return { setting, healthy: (t) => Math.max(0, 3 * deviation + walk(t)) }
  }),
  harmless('bursts', 'batch work that takes memory and gives all of it back', (rng) => {
    const setting = drawSetting(rng, { durationSec: [300, 14 * DAY_SEC] })
    const apart = setting.durationSec / whole(rng, 4, 60)
    const height = setting.headroomBytes * uniform(rng, 0.1, 0.5)
    return { setting, healthy: bursts(rng, height, apart, apart * uniform(rng, 0.05, 0.5)) }
  }),
  harmless('one-off-step', 'a model or a configuration that is loaded once', (rng) => {
    const setting = drawSetting(rng, { durationSec: ANY })
    const at = setting.durationSec * uniform(rng, 0.15, 0.85)
    const height = setting.headroomBytes * uniform(rng, 0.05, 0.6)
    return { setting, healthy: steps([at], [height]) }
  }),
  harmless(
    'lazy-modules',
    'a program that loads its parts when they are first asked for',
    (rng) => {
      const setting = drawSetting(rng, { durationSec: [2 * MINUTE_SEC, 10 * DAY_SEC] })
      const count = whole(rng, 3, 6)
      const until = setting.durationSec * uniform(rng, 0.2, 0.6)
      const times = Array.from({ length: count }, () => until * rng()).sort((a, b) => a - b)
      const total = setting.headroomBytes * uniform(rng, 0.08, 0.4)
      const heights = times.map(() => (total / count) * uniform(rng, 0.4, 1.4))
      return { setting, healthy: steps(times, heights) }
    },
  ),
  harmless('snapshots', 'a store that copies what changes while it saves itself', (rng) => {
    const setting = drawSetting(rng, { durationSec: [5 * MINUTE_SEC, 2 * DAY_SEC] })
    const period = setting.durationSec / whole(rng, 3, 40)
    const lasts = period * uniform(rng, 0.05, 0.4)
    const height = setting.headroomBytes * uniform(rng, 0.05, 0.5)
    const copied: Part = (t) => height * (1 - Math.exp((-3 * t) / lasts))
    return { setting, healthy: (t) => (t % period < lasts ? copied(t % period) : 0) }
  }),
  harmless('reload-steps', 'a server that holds old and new configuration for a while', (rng) => {
    const setting = drawSetting(rng, { durationSec: [120, 10 * DAY_SEC] })
    const count = whole(rng, 2, 8)
    const height = setting.headroomBytes * uniform(rng, 0.05, 0.3)
    const times: number[] = []
    const heights: number[] = []
    for (let i = 0; i < count; i++) {
      const at = (setting.durationSec * (i + uniform(rng, 0.1, 0.5))) / count
      times.push(at, at + (setting.durationSec / count) * uniform(rng, 0.02, 0.4))
      // What stays after a reload is now a little more, now a little less.
      heights.push(height, -height * uniform(rng, 0.93, 1.05))
    }
    return { setting, healthy: steps(times, heights) }
  }),
  harmless('mapped-files', 'a database that maps ever more of its files', (rng) => {
    const setting = drawSetting(rng, { durationSec: ANY })
    const bytes = setting.headroomBytes * uniform(rng, 0.3, 2)
    const grow = pick(rng, [
      ramp(bytes, setting.durationSec),
      logarithmic(bytes, setting.durationSec / 50, setting.durationSec),
    ])
    return { setting, healthy: () => 0, file: grow }
  }),
  harmless(
    'working-set-moves',
    'a data set that is replaced by a larger or a smaller one',
    (rng) => {
      const setting = drawSetting(rng, { durationSec: [600, 14 * DAY_SEC] })
      const levels = setting.headroomBytes * uniform(rng, 0.1, 0.35)
      const times: number[] = []
      const heights: number[] = []
      let level = 0
      for (let at = 0; at < setting.durationSec; at += exponential(rng, setting.durationSec / 6)) {
        const next = levels * rng()
        times.push(at)
        heights.push(next - level)
        level = next
      }
      const noise = meanReverting(rng, levels * 0.02, setting.sampleSec * 5)
      return { setting, healthy: (t) => Math.max(0, steps(times, heights)(t) + noise(t)) }
    },
  ),
  harmless('gaps-and-holes', 'a healthy server on a host too busy to be sampled well', (rng) => {
    const setting = drawSetting(rng, {
      durationSec: [600, 7 * DAY_SEC],
      gaps: whole(rng, 1, 4),
      isIrregular: true,
    })
    const warm = saturating(
      setting.headroomBytes * uniform(rng, 0.05, 0.4),
      Math.min(setting.durationSec / 8, 8 * HOUR_SEC),
    )
    const work = bursts(
      rng,
      setting.headroomBytes * 0.1,
      setting.durationSec / 40,
      setting.durationSec / 200,
    )
    return { setting, healthy: sum(warm, work), missing: uniform(rng, 0.01, 0.2) }
  }),
]
