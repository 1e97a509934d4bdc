/** @module Runs the detector over a recorded trace, sample by sample as if live. */

import { feedSeries, openSeries, readState, readVerdict, restartSeries } from './detector.ts'
import { createArena } from './ladder.ts'
import type { Detection, Trace, TraceSpec } from './records.ts'

/**
 * What is judged of a process: what would come back if it ended. File pages are not counted, since
 * the kernel takes them back by itself; swap is, since growth goes on in it.
 * A figure that was not readable keeps its last value.
 */
function levelReader(trace: Trace): (index: number) => number {
  let anon = NaN
  let shmem = 0
  let swap = 0
  return (index) => {
    const newAnon = trace.rssAnonBytes[index] as number
    const newShmem = trace.rssShmemBytes[index] as number
    const newSwap = trace.swapBytes[index] as number
    if (Number.isNaN(newAnon)) return NaN
    anon = newAnon
    if (!Number.isNaN(newShmem)) shmem = newShmem
    if (!Number.isNaN(newSwap)) swap = newSwap
    return anon + shmem + swap
  }
}

/** Streams one trace through the detector; see `Detect`. */
export function detectTrace(trace: Trace, spec: TraceSpec): Detection {
  const arena = createArena(1)
  openSeries(arena, 0)
  const levelAt = levelReader(trace)
  const starts = [...(spec.startsSec ?? [])].sort((a, b) => a - b)
  const alarms: number[] = []
  let limit = NaN
  let alarmed = false
  let atAlarm: ReturnType<typeof readVerdict> | null = null
  for (let i = 0; i < trace.tSec.length; i++) {
    const tSec = trace.tSec[i] as number
    const level = levelAt(i)
    if (Number.isNaN(level)) continue
    if (Number.isNaN(limit)) limit = level + spec.headroomBytes
    while (starts.length > 0 && (starts[0] as number) <= tSec) {
      starts.shift()
      restartSeries(arena, 0)
    }
    feedSeries(arena, 0, tSec, level, limit)
    const isConfirmed = readState(arena, 0) === 'confirmed'
    if (isConfirmed && !alarmed) {
      alarms.push(tSec)
      atAlarm = readVerdict(arena, 0)
    }
    alarmed = isConfirmed
  }
  const last = readVerdict(arena, 0)
  const told = alarmed ? atAlarm : null
  return {
    leaking: alarmed,
    detectedAtSec: told === null ? null : told.confirmedAtSec,
    alarmsSec: alarms,
    onsetSec: told === null ? null : told.sinceSec,
    rateBytesPerSec: told === null ? null : told.rateBytesPerSec,
    rateLow: told === null ? null : told.rateLowBytesPerSec,
    rateHigh: told === null ? null : told.rateHighBytesPerSec,
    etaSec: told === null ? null : told.etaSec,
    reason: told === null ? last.reason : told.reason,
  }
}
