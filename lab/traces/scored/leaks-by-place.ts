/** @module Leaks that begin late, are cut short by restarts, or lie in swap, segments and files. */
import { DAY_SEC, HOUR_SEC, MIB, MINUTE_SEC } from '../../../src/base/units.ts'
import { leaking } from '../kit/family.ts'
import {
  inChunks,
  meanReverting,
  type Part,
  ramp,
  saturating,
  sawtooth,
  startingAt,
} from '../kit/parts.ts'
import { logUniform, type Rng, uniform, whole } from '../kit/rng.ts'
import type { Setting } from '../kit/setting.ts'
import type { TraceFamily } from '../labelled.ts'
import { drawHost, drawLoss, drawOnset } from './host.ts'
import { lively, webDay } from './load.ts'
import { pileUp, scaleTo, tabulate } from './rows.ts'

/** A process manager that starts a worker anew when it is above its bound (pm2's max_memory_restart). */
function lives(rng: Rng, { durationSec }: Setting): number[] {
  const meanSec = durationSec / uniform(rng, 2.3, 6)
  const startsSec: number[] = []
  let at = meanSec * uniform(rng, 0.7, 1.2)
  // The last life is long enough to be seen growing.
  while (at < durationSec - 0.6 * meanSec) {
    startsSec.push(at)
    at += meanSec * uniform(rng, 0.75, 1.25)
  }
  return startsSec
}

function sinceStart(startsSec: readonly number[], t: number): number {
  return t - (startsSec.findLast((start) => start <= t) ?? 0)
}

export const LEAKS_BY_PLACE: readonly TraceFamily[] = [
  leaking('leak-from-deploy', 'a version without a leak, and the next one with it', (rng) => {
    const setting = drawHost(rng, { durationSec: [5 * HOUR_SEC, 12 * DAY_SEC] })
    const deployedAt = setting.durationSec * uniform(rng, 0.25, 0.6)
    const startsSec = [deployedAt]
    const taken = uniform(rng, 0.05, 0.3)
    const warm = saturating(0.9 * taken * setting.headroomBytes, 0.03 * setting.durationSec)
    const buffers = meanReverting(rng, 0.02 * taken * setting.headroomBytes, 5 * MINUTE_SEC)
    const healthy: Part = (t) => Math.max(0, warm(sinceStart(startsSec, t)) + buffers(t))
    const part = pileUp(setting, drawLoss(setting, taken, 0.4), () => 1, deployedAt)
    return { setting, healthy, leak: { onsetSec: deployedAt, part }, startsSec }
  }),
  leaking(
    'leak-restarted-at-bound',
    'a worker that its manager starts anew when it is too large',
    (rng) => {
      const setting = drawHost(rng, {
        durationSec: [6 * HOUR_SEC, 14 * DAY_SEC],
        baseShare: [0.02, 0.15],
      })
      const startsSec = lives(rng, setting)
      const bounds = [0, ...startsSec, setting.durationSec]
      const longest = Math.max(...bounds.slice(1).map((at, i) => at - (bounds[i] as number)))
      const rateBytesPerSec = drawLoss(setting, 0.05, 0.4) / longest
      const part: Part = (t) => rateBytesPerSec * sinceStart(startsSec, t)
      const work = sawtooth(
        rng,
        0.04 * setting.headroomBytes,
        longest / logUniform(rng, 10, 100),
        0.5,
      )
      return { setting, healthy: work, leak: { onsetSec: 0, part }, startsSec, rateBytesPerSec }
    },
  ),
  leaking(
    'leak-by-rollout',
    'a feature with a leak, given to ever more users, then to all',
    (rng) => {
      const setting = drawHost(rng, { durationSec: [2 * DAY_SEC, 12 * DAY_SEC] })
      const onsetSec = setting.durationSec * uniform(rng, 0.1, 0.4)
      const takes = setting.durationSec * uniform(rng, 0.1, 0.3)
      const day = tabulate(
        setting,
        lively(rng, webDay(uniform(rng, 0, DAY_SEC)), 0.15, 5 * MINUTE_SEC),
      )
      const users: Part = (t) => Math.min(1, Math.ceil((5 * (t - onsetSec)) / takes) / 5)
      const taken = uniform(rng, 0.03, 0.2)
      const part = pileUp(
        setting,
        drawLoss(setting, taken, 0.4),
        (t) => users(t) * day(t),
        onsetSec,
      )
      const healthy = scaleTo(setting, taken * setting.headroomBytes, day)
      return { setting, healthy, leak: { onsetSec, part } }
    },
  ),
  leaking('leak-of-segments', 'shared segments whose owners died, a few MiB each', (rng) => {
    const setting = drawHost(rng, { durationSec: [30 * MINUTE_SEC, 6 * DAY_SEC] })
    const onsetSec = setting.durationSec * uniform(rng, 0, 0.35)
    const total = drawLoss(setting, 0.05, 0.35)
    const size = Math.min(total / 25, logUniform(rng, MIB, 16 * MIB))
    const crashes = lively(rng, () => 1, uniform(rng, 0.2, 0.8), setting.durationSec * 0.01)
    const part = inChunks(pileUp(setting, total, crashes, onsetSec), size)
    const healthy = sawtooth(rng, 0.03 * setting.headroomBytes, 7 * MINUTE_SEC, 0.5)
    return { setting, healthy, leak: { onsetSec, part }, shmemShare: uniform(rng, 0.75, 0.97) }
  }),
  leaking(
    'leak-swapped-out',
    'a leak that nobody touches, so that the kernel swaps it out',
    (rng) => {
      const setting = drawHost(rng, { durationSec: [45 * MINUTE_SEC, 6 * DAY_SEC] })
      const onsetSec = drawOnset(setting)
      const total = drawLoss(setting, 0.15, 0.35)
      const part = pileUp(
        setting,
        total,
        lively(rng, () => 1, 0.4, setting.durationSec * 0.01),
        onsetSec,
      )
      const residentMaxBytes = setting.baseBytes + total * uniform(rng, 0.1, 0.5)
      const hot = meanReverting(rng, 0.02 * setting.headroomBytes, 2 * MINUTE_SEC)
      const healthy: Part = (t) => Math.max(0, 0.05 * setting.headroomBytes + hot(t))
      return { setting, healthy, leak: { onsetSec, part }, residentMaxBytes }
    },
  ),
  leaking('leak-of-unrotated-files', 'a tmpfs whose rotation breaks', (rng) => {
    const setting = drawHost(rng, { durationSec: [10 * HOUR_SEC, 13 * DAY_SEC] })
    const period = setting.durationSec / whole(rng, 14, 60)
    const size = (setting.headroomBytes * uniform(rng, 0.9, 1)) / (setting.durationSec / period)
    const onsetSec = period * Math.floor((setting.durationSec * uniform(rng, 0.15, 0.45)) / period)
    // It grows as it always did between two rotations; only that it is not cut any more.
    const grow = ramp(
      (size * (setting.durationSec - onsetSec)) / period,
      setting.durationSec - onsetSec,
    )
    return {
      setting,
      healthy: (t) => (t < onsetSec ? (size * (t % period)) / period : 0),
      leak: { onsetSec, part: startingAt(onsetSec, grow) },
      shmemShare: 0.6,
    }
  }),
  leaking('leak-badly-sampled', 'a leak of which rows and cells are missing', (rng) => {
    const setting = drawHost(rng, { durationSec: [20 * MINUTE_SEC, 9 * DAY_SEC] })
    const onsetSec = drawOnset(setting)
    const taken = uniform(rng, 0.02, 0.25)
    const load = lively(rng, () => 1, 0.35, setting.durationSec * 0.006)
    const healthy = scaleTo(setting, taken * setting.headroomBytes, load)
    const part = pileUp(setting, drawLoss(setting, taken, 0.4), () => 1, onsetSec)
    return { setting, healthy, leak: { onsetSec, part }, missing: uniform(rng, 0.02, 0.25) }
  }),
]
