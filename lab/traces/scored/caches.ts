/** @module Harmless: caches, tables and stores that fill as their keys come and stop at a bound. */
import { DAY_SEC, HOUR_SEC, MIB, MINUTE_SEC } from '../../../src/base/units.ts'
import { harmless } from '../kit/family.ts'
import { inChunks, integral, meanReverting, type Part, steps, sum } from '../kit/parts.ts'
import { logUniform, normal, pick, type Rng, uniform, whole } from '../kit/rng.ts'
import type { Setting } from '../kit/setting.ts'
import type { TraceFamily } from '../labelled.ts'
import { drawBound, drawHost } from './host.ts'
import { lively, poisson, webDay } from './load.ts'
import { scaleTo } from './rows.ts'
import { distinctKeys } from './zipf.ts'

/** Full when the distinct keys so far are as many as fit: bent before, and level from one row to the next. */
function slabs(rng: Rng, setting: Setting, top: number): Part {
  const keys = Math.round(logUniform(rng, 1e4, 1e7))
  const distinct = distinctKeys(keys, uniform(rng, 0.7, 1.15))
  const fullSec = setting.durationSec * uniform(rng, 0.12, 0.75)
  const perSec = (keys * logUniform(rng, 0.2, 3)) / fullSec
  const fitting = distinct(perSec * fullSec)
  return (t) => top * Math.min(1, distinct(perSec * t) / fitting)
}

/** Bound by a number of entries, not by their bytes: the level goes on moving with what is in it. */
function entriesByAge(rng: Rng, setting: Setting, top: number): Part {
  const most = whole(rng, 300, 5000)
  const sigma = uniform(rng, 0.4, 1.3)
  const perSec = most / (setting.durationSec * uniform(rng, 0.06, 0.4))
  const sizes: number[] = []
  let oldest = 0
  let total = 0
  let last = 0
  return (t) => {
    const hits = 0.7 * Math.sqrt((sizes.length - oldest) / most)
    for (let left = poisson(rng, perSec * (1 - hits) * (t - last)); left > 0; left--) {
      const size = (top / most) * Math.exp(sigma * normal(rng) - (sigma * sigma) / 2)
      sizes.push(size)
      total += size
      if (sizes.length - oldest > most) total -= sizes[oldest++] as number
    }
    last = t
    return total
  }
}

/** What came within the last `ttlSec`; what is older goes at each sweep. */
function withinTtl(came: Part, ttlSec: number, sweepSec: number): Part {
  const queue: { readonly at: number; readonly amount: number }[] = []
  let oldest = 0
  let total = 0
  let last = 0
  return (t) => {
    const amount = came(t) * (t - last)
    queue.push({ at: t, amount })
    total += amount
    last = t
    const until = Math.floor(t / sweepSec) * sweepSec - ttlSec
    while ((queue[oldest]?.at ?? Infinity) <= until) total -= queue[oldest++]?.amount ?? 0
    return total
  }
}

/** Entries, and a table that is made anew at twice its size when three quarters are taken. */
function doublingTable(setting: Setting, rng: Rng, top: number): Part {
  const entries = whole(rng, 20_000, 2_000_000)
  const tau = setting.durationSec * uniform(rng, 0.05, 0.22)
  const slot = uniform(rng, 0.3, 1.5)
  const bytes = (used: number) => used + slot * 2 ** Math.ceil(Math.log2(Math.max(64, used / 0.75)))
  const all = bytes(entries)
  return (t) => (top * bytes(entries * (1 - Math.exp(-t / tau)))) / all
}

/** Blocks of two hours stay in the head until it spans three (Prometheus' tsdb/head.go). */
function head(top: number, seriesShare: number): Part {
  const blockSec = 2 * HOUR_SEC
  return (t) => {
    const cut = Math.max(0, Math.floor((t - HOUR_SEC) / blockSec)) * blockSec
    const span = (t - cut) / (3 * HOUR_SEC)
    const series = seriesShare * Math.min(1, t / (10 * MINUTE_SEC))
    return top * (series + (1 - seriesShare) * span)
  }
}

export const CACHES: readonly TraceFamily[] = [
  harmless('memcached-slabs', 'memcached that takes slab pages for Zipf keys up to -m', (rng) => {
    const setting = drawHost(rng, { durationSec: [5 * MINUTE_SEC, 6 * DAY_SEC] })
    const part = slabs(rng, setting, drawBound(setting))
    return { setting, healthy: inChunks(part, MIB) }
  }),
  harmless('lru-by-entries', 'an LRU of so many entries of very different sizes', (rng) => {
    const setting = drawHost(rng, { durationSec: [4 * MINUTE_SEC, 2 * DAY_SEC] })
    return { setting, healthy: entriesByAge(rng, setting, drawBound(setting, 0.45)) }
  }),
  harmless('session-ttl', 'sessions that are dropped when they have been idle so long', (rng) => {
    const ttlSec = pick(rng, [
      15 * MINUTE_SEC,
      30 * MINUTE_SEC,
      2 * HOUR_SEC,
      8 * HOUR_SEC,
      DAY_SEC,
    ])
    const setting = drawHost(rng, { durationSec: [2.5 * ttlSec, 12 * ttlSec] })
    const day = webDay(uniform(rng, 0, DAY_SEC))
    const load = lively(rng, day, uniform(rng, 0.05, 0.4), 5 * MINUTE_SEC)
    const sweepSec = pick(rng, [1, MINUTE_SEC, 10 * MINUTE_SEC])
    const top = drawBound(setting)
    return { setting, healthy: scaleTo(setting, top, withinTtl(load, ttlSec, sweepSec)) }
  }),
  harmless('table-doubling', 'a dictionary whose resizes become rarer as it fills', (rng) => {
    const setting = drawHost(rng, { durationSec: [2 * MINUTE_SEC, 2 * HOUR_SEC] })
    return { setting, healthy: doublingTable(setting, rng, drawBound(setting)) }
  }),
  harmless('metrics-head', 'a time series database that cuts blocks from its head', (rng) => {
    const setting = drawHost(rng, { durationSec: [13 * HOUR_SEC, 10 * DAY_SEC] })
    const top = drawBound(setting, 0.5)
    const queries = meanReverting(rng, top * logUniform(rng, 0.005, 0.08), 2 * MINUTE_SEC)
    const cut = head(top, uniform(rng, 0.2, 0.6))
    return { setting, healthy: (t) => Math.max(0, cut(t) + Math.abs(queries(t))) }
  }),
  harmless('mapped-segments', 'a search engine that maps its segments and merges them', (rng) => {
    const setting = drawHost(rng, { durationSec: [20 * MINUTE_SEC, 9 * DAY_SEC] })
    const distinct = distinctKeys(100_000, 0.8)
    const files = setting.headroomBytes * uniform(rng, 0.5, 3)
    const perSec = logUniform(rng, 1e5, 1e6) / setting.durationSec
    const at = setting.durationSec * uniform(rng, 0.3, 0.8)
    const merged = steps([at], [-files * uniform(rng, 0.1, 0.3)])
    const mapped: Part = (t) => (files * distinct(perSec * t)) / 100_000
    const terms = meanReverting(rng, setting.headroomBytes * 0.004, MINUTE_SEC)
    return {
      setting,
      healthy: (t) => setting.headroomBytes * 0.02 + terms(t),
      file: (t) => Math.max(0, sum(mapped, merged)(t)),
    }
  }),
  harmless('index-warms-by-day', 'an index that is read in over days, as it is asked', (rng) => {
    const setting = drawHost(rng, { durationSec: [2.5 * DAY_SEC, 9 * DAY_SEC] })
    const keys = 1_000_000
    const distinct = distinctKeys(keys, uniform(rng, 0.4, 0.7))
    const asked = integral(webDay(uniform(rng, 0, DAY_SEC)))
    const perAsked = (keys * uniform(rng, 4, 12)) / (0.4 * setting.durationSec)
    const top = drawBound(setting)
    return { setting, healthy: (t) => (top * distinct(perAsked * asked(t))) / keys }
  }),
]
