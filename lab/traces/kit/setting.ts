/** @module When a life is recorded, how often, and on what kind of host. */
import { DAY_SEC, GIB, MIB } from '../../../src/base/units.ts'
import { logUniform, pick, type Rng, uniform } from './rng.ts'

export interface Setting {
  readonly rng: Rng
  readonly durationSec: number
  readonly sampleSec: number
  readonly tSec: Float64Array
  /** Free above the first sample. */
  readonly headroomBytes: number
  /** Level at the start. */
  readonly baseBytes: number
}

export interface SettingRange {
  /** Even on a logarithmic scale between these. */
  readonly durationSec: readonly [low: number, high: number]
  /** Highest share of time by which a sample comes late; 0: as a clock. */
  readonly jitter?: number
  /** Each gap is up to a tenth of the trace. */
  readonly gaps?: number
  /** Samples come at random, some far apart, as from a busy host. */
  readonly isIrregular?: boolean
}

const INTERVALS_SEC = [0.5, 1, 2, 5, 10, 15, 30, 60] as const
const MIN_ROWS = 100
/** Two weeks at a minute are 20,160 rows. */
const MAX_ROWS = 20_500

function pickInterval(rng: Rng, durationSec: number): number {
  const fitting = INTERVALS_SEC.filter((every) => {
    const rows = durationSec / every
    return rows >= MIN_ROWS && rows <= MAX_ROWS
  })
  return fitting.length > 0 ? pick(rng, fitting) : durationSec < DAY_SEC ? 0.5 : 60
}

/** When samples are taken, in seconds from 0: late, missing or irregular, as the range says. */
export function sampleTimes(
  rng: Rng,
  durationSec: number,
  sampleSec: number,
  range: SettingRange,
): Float64Array {
  const { jitter = 0.02, gaps = 0, isIrregular = false } = range
  const holes = Array.from({ length: gaps }, () => {
    const from = uniform(rng, 0.05, 0.9) * durationSec
    return [from, from + uniform(rng, 0.02, 0.1) * durationSec] as const
  })
  const times: number[] = []
  let due = 0
  while (due <= durationSec) {
    const tSec = due + (due === 0 ? 0 : jitter * sampleSec * rng())
    if (!holes.some(([from, to]) => tSec >= from && tSec < to)) {
      times.push(Math.round(tSec * 1000) / 1000)
    }
    due += sampleSec * (isIrregular ? pick(rng, [0.5, 1, 1, 1, 1.5, 2, 4]) : 1)
  }
  return Float64Array.from(times)
}

/** Draws where and how a life is recorded. */
export function drawSetting(rng: Rng, range: SettingRange): Setting {
  const durationSec = logUniform(rng, ...range.durationSec)
  const sampleSec = pickInterval(rng, durationSec)
  const headroomBytes = logUniform(rng, 64 * MIB, 64 * GIB)
  const baseBytes = Math.max(4 * MIB, headroomBytes * logUniform(rng, 0.02, 1.5))
  const tSec = sampleTimes(rng, durationSec, sampleSec, range)
  return { rng, durationSec, sampleSec, tSec, headroomBytes, baseBytes }
}
