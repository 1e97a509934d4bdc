/** @module Harmless: machines that build, train, browse, play and import. */
import { DAY_SEC, HOUR_SEC, MINUTE_SEC } from '../../../src/base/units.ts'
import { harmless } from '../kit/family.ts'
import { type Part, ramp, sawtooth, sum } from '../kit/parts.ts'
import { exponential, logUniform, type Rng, uniform, whole } from '../kit/rng.ts'
import type { Setting } from '../kit/setting.ts'
import type { TraceFamily } from '../labelled.ts'
import { drawBound, drawHost } from './host.ts'
import { jobs } from './jobs.ts'
import { officeWeek, webDay } from './load.ts'
import { scaleTo } from './rows.ts'

/** Many compilers, and at the end a linker that holds everything at once. */
function buildShape(done: number): number {
  if (done < 0.06) return done / 0.12
  if (done < 0.85) return 0.5
  return done < 0.97 ? 0.5 + (0.5 * (done - 0.85)) / 0.12 : 0.2
}

/** A page is loaded at once and its scripts go on for some time. */
function tabShape(done: number): number {
  return 0.55 + 0.45 * (1 - Math.exp(-6 * done))
}

/** Players come, the world is explored, all is dropped at the end. */
function matchShape(done: number): number {
  return 0.3 + 0.7 * Math.sqrt(done)
}

/** Runs are filled and spilled (external merge sort), then merged in a smaller buffer. */
function sortedImport(t: number, runs: number): number {
  const at = t * (runs + 2)
  return at < runs ? at % 1 : at < runs + 1.6 ? 0.4 : 0
}

/** Imports one after the other with pauses, each of so many runs. */
function imports(rng: Rng, { durationSec }: Setting, top: number): Part {
  const mean = durationSec / whole(rng, 2, 8)
  let from = mean * uniform(rng, 0, 0.4)
  let lasts = mean * uniform(rng, 0.5, 1.2)
  let runs = whole(rng, 2, 12)
  return (t) => {
    while (t > from + lasts) {
      from += lasts + exponential(rng, 0.3 * mean)
      lasts = mean * uniform(rng, 0.5, 1.2)
      runs = whole(rng, 2, 12)
    }
    return t < from ? 0 : top * sortedImport((t - from) / lasts, runs)
  }
}

/** The data set is read in the first epoch; after each epoch an evaluation, sometimes a checkpoint. */
function training(rng: Rng, top: number, epochSec: number): Part {
  const share = { data: uniform(rng, 0.3, 0.7), evaluation: uniform(rng, 0.05, 0.2), saved: 0.1 }
  const read = ramp(top * share.data, epochSec * 0.85)
  const batches = sawtooth(rng, top * 0.08, epochSec / whole(rng, 30, 200), 0.3)
  const saves = whole(rng, 1, 3)
  return (t) => {
    const done = (t % epochSec) / epochSec
    const evaluation = done > 0.85 ? top * share.evaluation : 0
    const isSaving = done > 0.97 && Math.floor(t / epochSec) % saves === 0
    return read(t) + batches(t) + evaluation + (isSaving ? top * share.saved : 0)
  }
}

/** A guest touches its memory and never gives it back, but for what a balloon takes from it. */
function guest(rng: Rng, top: number, { durationSec }: Setting): Part {
  const tau = durationSec * uniform(rng, 0.03, 0.16)
  const scans = Array.from({ length: whole(rng, 1, 5) }, () => durationSec * rng() * 0.5)
  const balloons = Array.from(
    { length: whole(rng, 0, 4) },
    () => durationSec * uniform(rng, 0.3, 0.9),
  )
  let touched = 0
  let last = 0
  const passed = (events: readonly number[], t: number) =>
    events.filter((at) => at > last && at <= t).length
  return (t) => {
    touched += (1 - touched) * (1 - Math.exp(-(t - last) / tau))
    // A scan of its disk fills a part of what is free in the guest within minutes.
    if (passed(scans, t) > 0) touched += (1 - touched) * uniform(rng, 0.2, 0.6)
    if (passed(balloons, t) > 0) touched *= uniform(rng, 0.5, 0.85)
    last = t
    return top * touched
  }
}

/** Each hour's job, five minutes past; at three a larger one. */
function hourly(rng: Rng, top: number, phaseSec: number): Part {
  let number = -1
  let lasts = 0
  let size = 0
  return (t) => {
    const clock = t + phaseSec
    const hour = Math.floor((clock - 5 * MINUTE_SEC) / HOUR_SEC)
    if (hour !== number) {
      number = hour
      const isNight = ((hour % 24) + 24) % 24 === 3
      lasts = (isNight ? 3 : 1) * uniform(rng, 3, 19) * MINUTE_SEC
      size = top * (isNight ? 1 : uniform(rng, 0.25, 0.7))
    }
    const done = (clock - 5 * MINUTE_SEC - hour * HOUR_SEC) / lasts
    return done > 1 ? 0 : size * Math.min(1, 1.7 * done)
  }
}

export const WORK: readonly TraceFamily[] = [
  harmless('build-server', 'builds in office hours: compilers, then a linker', (rng) => {
    const setting = drawHost(rng, { durationSec: [6 * HOUR_SEC, 10 * DAY_SEC] })
    const office = officeWeek(uniform(rng, 0, 7 * DAY_SEC), 0.1)
    const minutes = logUniform(rng, 3, 25)
    const part = jobs(rng, {
      pace: (t) => (office(t) + 0.05) / (minutes * MINUTE_SEC * 0.6),
      lastsSec: () => minutes * MINUTE_SEC * uniform(rng, 0.3, 1.8),
      bytes: () => uniform(rng, 0.4, 1),
      shape: buildShape,
      most: whole(rng, 1, 6),
    })
    return { setting, healthy: scaleTo(setting, drawBound(setting), part) }
  }),
  harmless('browser-session', 'tabs that are opened, read and closed for some hours', (rng) => {
    const setting = drawHost(rng, { durationSec: [1.5 * HOUR_SEC, 12 * HOUR_SEC] })
    const meanSec = Math.min(40 * MINUTE_SEC, setting.durationSec / uniform(rng, 5, 15))
    const part = jobs(rng, {
      pace: () => uniform(rng, 6, 10) / meanSec,
      lastsSec: () => exponential(rng, meanSec * (rng() < 0.1 ? 5 : 0.9)),
      bytes: () => logUniform(rng, 0.3, 3),
      shape: tabShape,
      most: 40,
    })
    const scripts = sawtooth(rng, 2, 45, 0.6)
    return { setting, healthy: scaleTo(setting, drawBound(setting), sum(part, scripts)) }
  }),
  harmless('game-server', 'matches that grow and are dropped at their end', (rng) => {
    const setting = drawHost(rng, { durationSec: [2 * HOUR_SEC, 4 * DAY_SEC] })
    const evening = webDay(uniform(rng, 0, DAY_SEC))
    const most = whole(rng, 1, 24)
    const part = jobs(rng, {
      pace: (t) => (most * evening(t)) / (24 * MINUTE_SEC),
      lastsSec: () => uniform(rng, 12, 35) * MINUTE_SEC,
      bytes: () => uniform(rng, 0.7, 1.2),
      shape: matchShape,
      most,
    })
    return { setting, healthy: scaleTo(setting, drawBound(setting), part) }
  }),
  harmless('training', 'epochs over a data set that the first of them reads in', (rng) => {
    const setting = drawHost(rng, { durationSec: [45 * MINUTE_SEC, 3 * DAY_SEC] })
    const epochSec = setting.durationSec / uniform(rng, 4, 40)
    return { setting, healthy: training(rng, drawBound(setting), epochSec) }
  }),
  harmless(
    'guest-and-balloon',
    'a virtual machine that touches its memory, and its balloon',
    (rng) => {
      const setting = drawHost(rng, { durationSec: [3 * HOUR_SEC, 12 * DAY_SEC] })
      return { setting, healthy: guest(rng, drawBound(setting), setting) }
    },
  ),
  harmless('sorted-imports', 'imports that sort in runs, spill them and merge', (rng) => {
    const setting = drawHost(rng, { durationSec: [5 * MINUTE_SEC, 7 * HOUR_SEC] })
    return { setting, healthy: imports(rng, setting, drawBound(setting)) }
  }),
  harmless('hourly-jobs', 'a job each hour, and a larger one each night', (rng) => {
    const setting = drawHost(rng, { durationSec: [7 * HOUR_SEC, 10 * DAY_SEC] })
    return { setting, healthy: hourly(rng, drawBound(setting), uniform(rng, 0, DAY_SEC)) }
  }),
]
