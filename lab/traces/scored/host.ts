/**
 * @module The hosts of scored lives: a container with a limit or what a machine has left, looked at by a
 * sampler that is sometimes late, stopped or irregular.
 */
import { GIB, MIB } from '../../../src/base/units.ts'
import { logUniform, pick, type Rng, uniform, whole } from '../kit/rng.ts'
import { type Setting, sampleTimes } from '../kit/setting.ts'

export type Range = readonly [low: number, high: number]

export interface HostRange {
  /** Even on a logarithmic scale between these. */
  readonly durationSec: Range
  /** Of the process and what is free for it; 256 MiB to 64 GiB where absent. */
  readonly limitBytes?: Range
  /** The process at its start, as a share of the limit. */
  readonly baseShare?: Range
}

const INTERVALS_SEC = [0.5, 1, 2, 3, 5, 10, 15, 20, 30, 60] as const
const MIN_ROWS = 80
/** Two weeks at a minute are 20,160 rows. */
const MAX_ROWS = 20_500
const MIN_HEADROOM_BYTES = 64 * MIB

/** Limits are set to powers of two by people, and to anything by what others left free. */
function drawLimit(rng: Rng, [low, high]: Range): number {
  const any = logUniform(rng, low, high)
  return rng() < 0.5 ? any : Math.max(low, 2 ** Math.floor(Math.log2(any)))
}

export function drawHost(rng: Rng, range: HostRange): Setting {
  const { limitBytes = [256 * MIB, 64 * GIB], baseShare = [0.02, 0.5] } = range
  const durationSec = logUniform(rng, ...range.durationSec)
  const sampleSec = pick(
    rng,
    INTERVALS_SEC.filter((every) => {
      const rows = durationSec / every
      return rows >= MIN_ROWS && rows <= MAX_ROWS
    }),
  )
  const limit = drawLimit(rng, limitBytes)
  const baseBytes = limit * logUniform(rng, ...baseShare)
  const headroomBytes = Math.max(MIN_HEADROOM_BYTES, limit - baseBytes)
  const isIrregular = rng() < 0.1
  const tSec = sampleTimes(rng, durationSec, sampleSec, {
    durationSec: range.durationSec,
    jitter: pick(rng, [0, 0.02, 0.2]),
    gaps: rng() < 0.2 ? whole(rng, 1, 3) : 0,
    isIrregular,
  })
  return { rng, durationSec, sampleSec, tSec, headroomBytes, baseBytes }
}

/** What a harmless life takes at its bound: 5 to 60 % of what is free, mostly below 40 %. */
export function drawBound({ rng, headroomBytes }: Setting, high = 0.6): number {
  return headroomBytes * logUniform(rng, 0.05, high)
}

/** What has leaked at the end, where what is harmless takes up to `taken` of what is free. */
export function drawLoss({ rng, headroomBytes }: Setting, taken = 0, low = 0.3): number {
  return headroomBytes * uniform(rng, low, 0.92 - taken)
}

/** Half of the leaks are there from the first row on; the others begin in the first half. */
export function drawOnset({ rng, durationSec }: Setting): number {
  return rng() < 0.5 ? 0 : durationSec * uniform(rng, 0.05, 0.5)
}
