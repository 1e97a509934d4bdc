/** @module Harmless: heaps of language runtimes, each with the rule by which it grows and shrinks. */
import { DAY_SEC, HOUR_SEC, KIB, MIB, MINUTE_SEC } from '../../../src/base/units.ts'
import { harmless } from '../kit/family.ts'
import {
  bursts,
  generations,
  highWater,
  inChunks,
  meanReverting,
  type Part,
  saturating,
  sawtooth,
  sum,
} from '../kit/parts.ts'
import { exponential, logUniform, normal, pick, type Rng, uniform, whole } from '../kit/rng.ts'
import type { Setting } from '../kit/setting.ts'
import type { TraceFamily } from '../labelled.ts'
import { drawBound, drawHost } from './host.ts'
import { lively, webDay } from './load.ts'

/** Regions once touched stay with the process, but for what an idle collection uncommits (JEP 346). */
function regions(rng: Rng, setting: Setting, top: number): Part {
  const minors = whole(rng, 20, 120)
  // At least three full collections can be seen.
  const minorSec = Math.min(logUniform(rng, 5, 90), setting.durationSec / (3 * minors))
  const used = sum(
    sawtooth(rng, 0.35 * top, minorSec, 0.5),
    generations(rng, 0.4 * top, minorSec, minors),
  )
  if (rng() < 0.5) return highWater(used)
  const uncommitSec = setting.durationSec * uniform(rng, 0.15, 0.4)
  const kept = meanReverting(rng, 0.02 * top, MINUTE_SEC)
  let highest = 0
  let number = 0
  return (t) => {
    const now = used(t)
    if (Math.floor(t / uncommitSec) > number) highest = now
    number = Math.floor(t / uncommitSec)
    highest = Math.max(highest, now)
    return Math.max(0, highest + kept(t))
  }
}

/** Marks when the heap is `factor` times what lived, or when nothing was asked for half a minute. */
function oldSpace(live: number, factor: number, perSec: number, busy: Part): Part {
  const room = live * (factor - 1)
  let dead = 0
  let quietSec = 0
  let last = 0
  return (t) => {
    const load = busy(t)
    dead = (dead + load * perSec * (t - last)) % room
    quietSec = load > 0 ? 0 : quietSec + t - last
    if (quietSec > 30) dead = 0
    last = t
    return live + dead
  }
}

/** Goal: twice what lives. The scavenger gives back what is a tenth above it, slowly (runtime/mgcscavenge.go). */
function paced(rng: Rng, live: Part, growth: number): Part {
  const tau = logUniform(rng, 2, 15) * MINUTE_SEC
  let resident = 0
  let last = 0
  return (t) => {
    const heap = live(t) * (1 + growth * uniform(rng, 0.7, 1))
    const kept = 1.1 * live(t) * (1 + growth)
    if (resident > kept) resident = kept + (resident - kept) * Math.exp(-(t - last) / tau)
    resident = Math.max(resident, heap)
    last = t
    return resident
  }
}

/** Arenas go back only when nothing is left in them (obmalloc.c); the next job uses what is pinned. */
function arenas(rng: Rng, setting: Setting, top: number): Part {
  const apartSec = setting.durationSec / whole(rng, 10, 80)
  let from = exponential(rng, apartSec)
  let lastsSec = apartSec * uniform(rng, 0.2, 1)
  let size = top * uniform(rng, 0.2, 0.7)
  let pinned = 0
  return (t) => {
    while (t > from + lastsSec) {
      pinned = Math.max(pinned * uniform(rng, 0.93, 1), size * uniform(rng, 0.2, 0.7))
      from += lastsSec + exponential(rng, apartSec)
      lastsSec = apartSec * uniform(rng, 0.2, 1)
      size = top * Math.min(1, 0.4 * Math.exp(0.4 * normal(rng)))
    }
    const working = t < from ? 0 : size * Math.min(1, (2 * (t - from)) / lastsSec)
    return Math.max(pinned, working)
  }
}

/** Each worker keeps its largest request until it has served `pm.max_requests` and is replaced. */
function workers(rng: Rng, top: number, perSec: number): Part {
  const count = whole(rng, 4, 40)
  const most = whole(rng, 200, 2000)
  const pool = Array.from({ length: count }, () => ({ served: most * rng() * 0.3, peak: 0 }))
  let last = 0
  return (t) => {
    const requests = perSec * (t - last)
    last = t
    let total = 0
    for (const worker of pool) {
      worker.served += requests
      if (worker.served > most) Object.assign(worker, { served: worker.served % most, peak: 0 })
      const largest = -Math.log(1 - rng() ** (1 / Math.max(1, requests)))
      worker.peak = Math.max(worker.peak, Math.min(1, largest / 9))
      total += worker.peak
    }
    return (top * total) / count
  }
}

export const RUNTIMES: readonly TraceFamily[] = [
  harmless('jvm-regions', 'a JVM: eden, old regions, metaspace and code cache', (rng) => {
    const setting = drawHost(rng, { durationSec: [40 * MINUTE_SEC, 4 * DAY_SEC] })
    const top = drawBound(setting)
    const classes = saturating(0.15 * top, Math.min(0.08 * setting.durationSec, 40 * MINUTE_SEC))
    const code = saturating(0.08 * top, Math.min(0.15 * setting.durationSec, 3 * HOUR_SEC))
    return { setting, healthy: sum(regions(rng, setting, 0.75 * top), classes, code) }
  }),
  harmless('v8-idle-collections', 'a heap that is collected when its users pause', (rng) => {
    const setting = drawHost(rng, { durationSec: [4 * MINUTE_SEC, 10 * HOUR_SEC] })
    const factor = uniform(rng, 1.4, 3)
    const live = drawBound(setting) / factor
    const { durationSec } = setting
    const busy = bursts(rng, 1, durationSec / whole(rng, 5, 25), durationSec / whole(rng, 10, 60))
    const perSec = (live * (factor - 1) * logUniform(rng, 6, 120)) / durationSec
    return { setting, healthy: oldSpace(live, factor, perSec, busy) }
  }),
  harmless('go-pacer', 'a Go service with a live heap that follows its requests', (rng) => {
    const setting = drawHost(rng, { durationSec: [3 * HOUR_SEC, 10 * DAY_SEC] })
    const growth = pick(rng, [0.5, 1, 1, 2])
    const live = (0.7 * drawBound(setting)) / (1 + growth)
    const load = lively(
      rng,
      webDay(uniform(rng, 0, DAY_SEC)),
      uniform(rng, 0.1, 0.4),
      3 * MINUTE_SEC,
    )
    const inFlight: Part = (t) => live * (0.4 + 0.6 * Math.min(1.6, load(t)))
    let now = 0
    const heap = paced(rng, () => now, growth)
    return {
      setting,
      healthy: (t) => {
        now = inFlight(t)
        return heap(t)
      },
    }
  }),
  harmless('python-arenas', 'batches whose survivors pin arenas of the allocator', (rng) => {
    const setting = drawHost(rng, { durationSec: [15 * MINUTE_SEC, 2 * DAY_SEC] })
    const part = arenas(rng, setting, drawBound(setting))
    return { setting, healthy: inChunks(part, pick(rng, [256 * KIB, MIB])) }
  }),
  harmless('php-pool', 'workers that keep their largest request until they are replaced', (rng) => {
    const setting = drawHost(rng, { durationSec: [30 * MINUTE_SEC, 7 * DAY_SEC] })
    const perSec = logUniform(rng, 3000, 40_000) / setting.durationSec
    return { setting, healthy: workers(rng, drawBound(setting), perSec) }
  }),
  harmless('holes-level-off', 'a heap of holes that fill as fast as they are made', (rng) => {
    // Half as many holes as blocks in the long run (Knuth, The Art of Computer Programming 1, 2.5).
    const setting = drawHost(rng, { durationSec: [6 * HOUR_SEC, 14 * DAY_SEC] })
    const top = drawBound(setting)
    const half = setting.durationSec * uniform(rng, 0.015, 0.09)
    const churn = meanReverting(
      rng,
      top * uniform(rng, 0.005, 0.05),
      half * uniform(rng, 0.02, 0.5),
    )
    return { setting, healthy: (t) => Math.max(0, (top * t) / (t + half) + churn(t)) }
  }),
  harmless('model-load', 'weights that are read at the speed of a disk, then used', (rng) => {
    const setting = drawHost(rng, { durationSec: [40, 8 * MINUTE_SEC] })
    const top = drawBound(setting)
    const from = setting.durationSec * uniform(rng, 0.02, 0.25)
    const takes = setting.durationSec * uniform(rng, 0.08, 0.5)
    const batches = bursts(rng, top * uniform(rng, 0.02, 0.2), takes / 4, takes / 12)
    return {
      setting,
      healthy: (t) => {
        const done = Math.min(1, Math.max(0, (t - from) / takes))
        return top * done + (done < 1 ? 0 : batches(t))
      },
    }
  }),
]
