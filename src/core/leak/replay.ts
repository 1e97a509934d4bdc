/** @module Runs the detector over a recorded trace, sample by sample as if live. */
import { GIB } from '../../base/units.ts'
import { feedSeries, openSeries, readState, readVerdict, restartSeries } from './detector.ts'
import { type Arena, createArena } from './ladder.ts'
import type { Detection, Trace, TraceRow, TraceSpec, Verdict } from './records.ts'

/** A trace on its way through the detector. */
export interface Replay {
  readonly arena: Arena
  /** Free above the first sample; `null` until that shows it, where none was given. */
  headroomBytes: number | null
  /** Restarts to come, soonest first. */
  readonly startsSec: number[]
  readonly alarmsSec: number[]
  limitBytes: number
  /** As told when the alarm that stands was raised; `null` when none does. */
  told: Verdict | null
  shmemBytes: number
  swapBytes: number
}

/** What a trace of which nothing is known is given. */
const LEAST_ASSUMED_HEADROOM = GIB

/**
 * Opens a replay of one trace from its beginning.
 * @param headroomBytes `null`: as much again as there is at the first sample, at least 1 GiB
 */
export function openReplay(
  headroomBytes: number | null,
  startsSec: readonly number[] | null,
): Replay {
  const arena = createArena(1)
  openSeries(arena, 0)
  return {
    arena,
    headroomBytes,
    startsSec: (startsSec ?? []).toSorted((a, b) => a - b),
    alarmsSec: [],
    limitBytes: NaN,
    told: null,
    shmemBytes: 0,
    swapBytes: 0,
  }
}

/**
 * What is judged of a process: what would come back if it ended. File pages are not counted, since
 * the kernel takes them back by itself; swap is, since growth goes on in it.
 * Shared memory or swap that was not readable keeps its last value.
 * @returns NaN where the row says nothing
 */
export function levelOf(replay: Replay, row: TraceRow): number {
  if (Number.isNaN(row.rssAnonBytes)) return NaN
  if (!Number.isNaN(row.rssShmemBytes)) replay.shmemBytes = row.rssShmemBytes
  if (!Number.isNaN(row.swapBytes)) replay.swapBytes = row.swapBytes
  return row.rssAnonBytes + replay.shmemBytes + replay.swapBytes
}

/**
 * Feeds one row; one that is not later than the row before is skipped, as live.
 * @returns the level that was judged; NaN where the row says nothing
 */
export function feedReplay(replay: Replay, row: TraceRow): number {
  const { arena, startsSec } = replay
  const level = levelOf(replay, row)
  if (Number.isNaN(level)) return NaN
  if (Number.isNaN(replay.limitBytes)) {
    replay.headroomBytes ??= Math.max(level, LEAST_ASSUMED_HEADROOM)
    replay.limitBytes = level + replay.headroomBytes
  }
  while (startsSec.length > 0 && (startsSec[0] as number) <= row.tSec) {
    startsSec.shift()
    restartSeries(arena, 0)
  }
  feedSeries(arena, 0, row.tSec, level, replay.limitBytes)
  const isConfirmed = readState(arena, 0) === 'confirmed'
  if (!isConfirmed) replay.told = null
  else if (replay.told === null) {
    replay.alarmsSec.push(row.tSec)
    replay.told = readVerdict(arena, 0)
  }
  return level
}

/** The verdict as of the last row. */
export function readReplay(replay: Replay): Verdict {
  return readVerdict(replay.arena, 0)
}

/** What was said of the trace so far. */
export function summarizeReplay(replay: Replay): Detection {
  const { told } = replay
  return {
    leaking: told !== null,
    detectedAtSec: told?.confirmedAtSec ?? null,
    alarmsSec: replay.alarmsSec,
    onsetSec: told?.sinceSec ?? null,
    rateBytesPerSec: told?.rateBytesPerSec ?? null,
    rateLow: told?.rateLowBytesPerSec ?? null,
    rateHigh: told?.rateHighBytesPerSec ?? null,
    etaSec: told?.etaSec ?? null,
    reason: (told ?? readReplay(replay)).reason,
  }
}

/** Streams one trace through the detector; see `Detect`. */
export function detectTrace(trace: Trace, spec: TraceSpec): Detection {
  const replay = openReplay(spec.headroomBytes, spec.startsSec)
  const row: TraceRow = createRow()
  for (let i = 0; i < trace.tSec.length; i++) {
    row.tSec = trace.tSec[i] as number
    row.rssAnonBytes = trace.rssAnonBytes[i] as number
    row.rssShmemBytes = trace.rssShmemBytes[i] as number
    row.swapBytes = trace.swapBytes[i] as number
    feedReplay(replay, row)
  }
  return summarizeReplay(replay)
}

/** A row of which nothing is known yet. */
export function createRow(): TraceRow {
  return {
    tSec: NaN,
    rssAnonBytes: NaN,
    rssFileBytes: NaN,
    rssShmemBytes: NaN,
    swapBytes: NaN,
    vszBytes: NaN,
    threads: NaN,
    fds: NaN,
  }
}
