/** @module Harmless: databases, brokers, pools and helpers that follow their work. */
import { DAY_SEC, GIB, HOUR_SEC, MIB, MINUTE_SEC } from '../../../src/base/units.ts'
import { harmless } from '../kit/family.ts'
import {
  highWater,
  inChunks,
  meanReverting,
  type Part,
  ramp,
  saturating,
  sawtooth,
  startingAt,
  steps,
  sum,
} from '../kit/parts.ts'
import { logUniform, pick, type Rng, uniform, whole } from '../kit/rng.ts'
import type { Setting } from '../kit/setting.ts'
import type { TraceFamily } from '../labelled.ts'
import { drawBound, drawHost } from './host.ts'
import { lively, officeWeek, poisson, waiting, webDay } from './load.ts'
import { scaleTo, tabulate } from './rows.ts'

/** Threads wanted at a time; a pool starts them up to its maximum and never ends one. */
function started(rng: Rng, most: number, tauSec: number): Part {
  const load = lively(rng, () => most * uniform(rng, 0.35, 0.5), 0.45, tauSec)
  return highWater((t) => Math.min(most, poisson(rng, load(t)) * Math.min(1, t / tauSec)))
}

/** Connections are opened when they are needed and closed when they have been idle for some time. */
function connections(need: Part, idleSec: number): Part {
  let open = 0
  let last = 0
  return (t) => {
    open = Math.max(need(t), open * Math.exp(-(t - last) / idleSec))
    last = t
    return Math.round(open)
  }
}

interface Outage {
  readonly from: number
  readonly to: number
}

/** Lines pile up while their destination is away, up to the buffer's bound, and then drain. */
function backlog(outages: readonly Outage[], perSec: Part, bound: number, drain: number): Part {
  let held = 0
  let last = 0
  return (t) => {
    const isOut = outages.some(({ from, to }) => t >= from && t < to)
    const change = (isOut ? perSec(t) : -drain) * (t - last)
    held = Math.min(bound, Math.max(0, held + change))
    last = t
    return held
  }
}

function outagesOf(rng: Rng, { durationSec }: Setting): Outage[] {
  const slot = durationSec / whole(rng, 1, 5)
  const lasts = Math.min(3 * HOUR_SEC, 0.15 * slot)
  return Array.from({ length: Math.round(durationSec / slot) }, (_, i) => {
    const from = slot * (i + uniform(rng, 0.1, 0.6))
    return { from, to: from + lasts * uniform(rng, 0.3, 1) }
  })
}

/** Memtables of several column families, each flushed when it is full. */
function memtables(rng: Rng, total: number, setting: Setting): Part {
  const count = whole(rng, 2, 8)
  const teeth = Array.from({ length: count }, () =>
    sawtooth(
      rng,
      total / count,
      setting.durationSec / logUniform(rng, 5, 300),
      uniform(rng, 0, 0.4),
    ),
  )
  return sum(...teeth)
}

/** Files that are rotated when they are full; the last `keep` of them stay. */
function rotated(rng: Rng, fileBytes: number, fileSec: number, keep: number): Part {
  const sizes: number[] = []
  let from = 0
  let lasts = fileSec * uniform(rng, 0.7, 1.3)
  return (t) => {
    while (t >= from + lasts) {
      sizes.push(fileBytes * uniform(rng, 0.9, 1.1))
      from += lasts
      lasts = fileSec * uniform(rng, 0.7, 1.3)
    }
    const kept = sizes.slice(-keep).reduce((a, b) => a + b, 0)
    return kept + (fileBytes * (t - from)) / lasts
  }
}

export const SERVICES: readonly TraceFamily[] = [
  harmless(
    'buffers-and-vacuum',
    'shared buffers touched by queries, the rest by a vacuum',
    (rng) => {
      const setting = drawHost(rng, { durationSec: [10 * MINUTE_SEC, 1.2 * DAY_SEC] })
      const { durationSec } = setting
      const top = drawBound(setting)
      const hot = uniform(rng, 0.3, 0.7)
      const touched = saturating(hot * top, durationSec * uniform(rng, 0.02, 0.15))
      const scan = ramp((1 - hot) * top, durationSec * uniform(rng, 0.03, 0.15))
      const vacuum = startingAt(durationSec * uniform(rng, 0.15, 0.7), scan)
      return {
        setting,
        healthy: saturating(0.08 * top, durationSec * 0.1),
        shmem: sum(touched, vacuum),
      }
    },
  ),
  harmless('thread-pool-to-max', 'an executor that starts threads up to its maximum', (rng) => {
    const setting = drawHost(rng, { durationSec: [10 * MINUTE_SEC, DAY_SEC] })
    const most = whole(rng, 16, 400)
    const threads = tabulate(
      setting,
      started(rng, most, setting.durationSec * uniform(rng, 0.01, 0.06)),
    )
    const each = drawBound(setting) / most
    return { setting, healthy: (t) => each * threads(t), threads }
  }),
  harmless('connection-pool', 'connections by the day’s load, closed when idle', (rng) => {
    const setting = drawHost(rng, { durationSec: [1.3 * DAY_SEC, 14 * DAY_SEC] })
    const phase = uniform(rng, 0, 7 * DAY_SEC)
    const shape = pick(rng, [webDay(phase), officeWeek(phase, uniform(rng, 0.1, 0.6))])
    const most = whole(rng, 10, 500)
    const load = lively(rng, shape, uniform(rng, 0.05, 0.3), 2 * MINUTE_SEC)
    const open = connections((t) => most * load(t), logUniform(rng, 5, 60) * MINUTE_SEC)
    return { setting, healthy: scaleTo(setting, drawBound(setting), open) }
  }),
  harmless('log-shipper', 'a shipper that holds lines while their destination is away', (rng) => {
    const setting = drawHost(rng, { durationSec: [3 * HOUR_SEC, 10 * DAY_SEC] })
    const outages = outagesOf(rng, setting)
    const bound = drawBound(setting, 0.4)
    const longest = Math.max(...outages.map(({ from, to }) => to - from))
    const perSec = (bound * uniform(rng, 0.5, 1.5)) / longest
    const lines = lively(rng, () => perSec, uniform(rng, 0.05, 0.5), 5 * MINUTE_SEC)
    return { setting, healthy: backlog(outages, lines, bound, perSec * uniform(rng, 2, 10)) }
  }),
  harmless('memtables', 'a log-structured store: memtables, flushes, a block cache', (rng) => {
    const setting = drawHost(rng, { durationSec: [5 * MINUTE_SEC, DAY_SEC] })
    const top = drawBound(setting)
    const share = uniform(rng, 0.2, 0.7)
    const cache = saturating(top * (1 - share), setting.durationSec * uniform(rng, 0.03, 0.18))
    return { setting, healthy: sum(memtables(rng, top * share, setting), cache) }
  }),
  harmless('sidecar', 'a proxy in a small container that is told new routes', (rng) => {
    const setting = drawHost(rng, {
      durationSec: [HOUR_SEC, 14 * DAY_SEC],
      limitBytes: [128 * MIB, GIB],
      baseShare: [0.1, 0.45],
    })
    const { durationSec, headroomBytes } = setting
    const times = Array.from({ length: whole(rng, 3, 40) }, () => durationSec * rng()).sort(
      (a, b) => a - b,
    )
    // Routes come and go: each time the table is drawn anew around the same size.
    const sizes = times.map(() => headroomBytes * uniform(rng, 0, 0.08))
    const changes = sizes.map((size, i) => size - (sizes[i - 1] ?? 0))
    const stats = sawtooth(
      rng,
      headroomBytes * uniform(rng, 0.005, 0.04),
      uniform(rng, 15, 300),
      0.1,
    )
    return { setting, healthy: sum(steps(times, changes), stats) }
  }),
  harmless('tmpfs-rotated', 'logs on a tmpfs, of which the last few files are kept', (rng) => {
    const setting = drawHost(rng, { durationSec: [5 * HOUR_SEC, 14 * DAY_SEC] })
    const keep = whole(rng, 1, 6)
    const fileSec = setting.durationSec / ((keep + 1) * uniform(rng, 2.5, 12))
    const fileBytes = drawBound(setting) / (keep + 1)
    return { setting, healthy: () => 0, shmem: rotated(rng, fileBytes, fileSec, keep) }
  }),
  harmless(
    'queue-by-day',
    'a broker whose messages wait by day and are worked off by night',
    (rng) => {
      const setting = drawHost(rng, { durationSec: [2.3 * DAY_SEC, 6 * DAY_SEC] })
      const day = webDay(uniform(rng, 0, DAY_SEC))
      const came = lively(rng, day, uniform(rng, 0.05, 0.3), 10 * MINUTE_SEC)
      const queue = waiting(came, uniform(rng, 0.62, 0.85))
      return { setting, healthy: scaleTo(setting, drawBound(setting, 0.5), queue) }
    },
  ),
  harmless(
    'load-through-one-day',
    'a site that is looked at from one morning to the night',
    (rng) => {
      const setting = drawHost(rng, { durationSec: [19 * HOUR_SEC, 22 * HOUR_SEC] })
      const day = lively(rng, webDay(4 * HOUR_SEC), uniform(rng, 0.03, 0.2), 4 * MINUTE_SEC)
      const grain = pick(rng, [64 * 1024, MIB])
      return { setting, healthy: inChunks(scaleTo(setting, drawBound(setting, 0.4), day), grain) }
    },
  ),
  harmless(
    'versions',
    'a healthy service that is deployed by day and fills caches each time',
    (rng) => {
      const setting = drawHost(rng, { durationSec: [DAY_SEC, 12 * DAY_SEC] })
      const count = Math.max(
        1,
        Math.round((setting.durationSec / DAY_SEC) * uniform(rng, 0.3, 1.5)),
      )
      const startsSec = Array.from(
        { length: count },
        () => setting.durationSec * uniform(rng, 0.05, 0.9),
      )
      startsSec.sort((a, b) => a - b)
      const top = drawBound(setting, 0.45)
      const tops = [0, ...startsSec].map(() => top * uniform(rng, 0.8, 1.2))
      const tau = logUniform(rng, 5 * MINUTE_SEC, 2.5 * HOUR_SEC)
      const buffers = meanReverting(rng, top * uniform(rng, 0.01, 0.08), 3 * MINUTE_SEC)
      const healthy: Part = (t) => {
        const number = startsSec.filter((start) => start <= t).length
        const since = t - (number === 0 ? 0 : (startsSec[number - 1] as number))
        return Math.max(0, saturating(tops[number] as number, tau)(since) + buffers(t))
      }
      return { setting, healthy, startsSec }
    },
  ),
]
