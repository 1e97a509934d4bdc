/**
 * @module Runs a trend rule over a trace as if live. The rules in use look at a window of points; here
 * each sees its series from its process' start, in at most 240 points: when they are full, two become
 * one. So a rule needs no time scale of its own, and costs the same on a minute as on two weeks.
 */
import type { Detect, Detection, Trace } from '../../../src/core/leak/records.ts'
import { createRow, levelOf, openReplay } from '../../../src/core/leak/replay.ts'

const MAX_POINTS = 240

/** What a rule sees: points oldest first, `count` of them. */
export interface Series {
  readonly tSec: Float64Array
  readonly levels: Float64Array
  count: number
  /** Level at which memory is exhausted. */
  limitBytes: number
}

/** Growth that a rule calls a leak. */
export interface Finding {
  readonly rateBytesPerSec: number
  readonly rateLow?: number
  readonly rateHigh?: number
  readonly onsetSec: number
}

/** Asked after each new point. */
export type Rule = (series: Series) => Finding | null

interface Points extends Series {
  /** Samples that make one point, and those of the open one. */
  stride: number
  open: number
  openSum: number
}

function clear(points: Points): void {
  points.count = 0
  points.stride = 1
  points.open = 0
  points.openSum = 0
}

function halve(points: Points): void {
  const { tSec, levels } = points
  for (let i = 0; i < MAX_POINTS / 2; i++) {
    tSec[i] = tSec[2 * i + 1] as number
    levels[i] = ((levels[2 * i] as number) + (levels[2 * i + 1] as number)) / 2
  }
  points.count = MAX_POINTS / 2
  points.stride *= 2
}

/** @returns whether a point was closed */
function add(points: Points, tSec: number, level: number): boolean {
  points.openSum += level
  points.open++
  if (points.open < points.stride) return false
  points.tSec[points.count] = tSec
  points.levels[points.count] = points.openSum / points.open
  points.count++
  points.open = 0
  points.openSum = 0
  if (points.count === MAX_POINTS) halve(points)
  return true
}

function readRow(trace: Trace, i: number, row: ReturnType<typeof createRow>): void {
  row.tSec = trace.tSec[i] as number
  row.rssAnonBytes = trace.rssAnonBytes[i] as number
  row.rssShmemBytes = trace.rssShmemBytes[i] as number
  row.swapBytes = trace.swapBytes[i] as number
}

/** A detector made of a rule: an alarm stands while the rule finds growth. */
export function detectByRule(rule: Rule): Detect {
  return (trace, spec) => {
    const reader = openReplay(spec.headroomBytes, spec.startsSec)
    const row = createRow()
    const points: Points = {
      tSec: new Float64Array(MAX_POINTS),
      levels: new Float64Array(MAX_POINTS),
      count: 0,
      limitBytes: NaN,
      stride: 1,
      open: 0,
      openSum: 0,
    }
    const alarmsSec: number[] = []
    let told: { finding: Finding; atSec: number; left: number } | null = null
    for (let i = 0; i < trace.tSec.length; i++) {
      readRow(trace, i, row)
      const level = levelOf(reader, row)
      if (Number.isNaN(level)) continue
      if (Number.isNaN(points.limitBytes)) points.limitBytes = level + spec.headroomBytes
      while (reader.startsSec.length > 0 && (reader.startsSec[0] as number) <= row.tSec) {
        reader.startsSec.shift()
        clear(points)
      }
      if (!add(points, row.tSec, level)) continue
      const finding = rule(points)
      if (finding === null) told = null
      else if (told === null) {
        alarmsSec.push(row.tSec)
        told = { finding, atSec: row.tSec, left: points.limitBytes - level }
      }
    }
    return toDetection(alarmsSec, told)
  }
}

function toDetection(
  alarmsSec: readonly number[],
  told: { finding: Finding; atSec: number; left: number } | null,
): Detection {
  const rate = told?.finding.rateBytesPerSec ?? null
  return {
    leaking: told !== null,
    detectedAtSec: told?.atSec ?? null,
    alarmsSec,
    onsetSec: told?.finding.onsetSec ?? null,
    rateBytesPerSec: rate,
    rateLow: told?.finding.rateLow ?? null,
    rateHigh: told?.finding.rateHigh ?? null,
    etaSec: told === null || rate === null ? null : told.left / rate,
    reason: told === null ? 'flat' : 'rises-steadily',
  }
}
