/**
 * @module `npm run bench:detector-speed`: samples a second on one core, state and garbage of the
 * detector, beside a least-squares rule that keeps as many points as it needs. Processor time, best of some
 * rounds, since others may use the machine too.
 */

import type { LabelledTrace } from '../../lab/traces/labelled.ts'
import { SEEN_FAMILIES } from '../../lab/traces/seen/families.ts'
import { feedSeries, openSeries } from '../../src/core/leak/detector.ts'
import { createArena, SLAB_BYTES } from '../../src/core/leak/ladder.ts'
import { detectByLeastSquares } from './baselines/least-squares.ts'
import { table } from './markdown.ts'

const ROUNDS = 5
const SERIES = 512
const MIN_SAMPLES_PER_SEC = 1_000_000
const MAX_STATE_BYTES = 4096
/** A number that is boxed costs 12 bytes or more; less than this a sample is noise of the run itself. */
const MAX_GARBAGE_BYTES = 1

function cpuSec(run: () => void): number {
  const from = process.cpuUsage()
  run()
  return process.cpuUsage(from).user / 1e6
}

function levelsOf({ trace }: LabelledTrace): Float64Array {
  return trace.rssAnonBytes.filter((level) => !Number.isNaN(level))
}

/** Feeds every series its own trace, one sample of each in turn, as a tick of the agent does. */
function feedAll(lives: readonly Float64Array[], limits: Float64Array, samples: number): void {
  const arena = createArena(SERIES)
  for (let slot = 0; slot < SERIES; slot++) openSeries(arena, slot)
  for (let tick = 0; tick < samples / SERIES; tick++) {
    for (let slot = 0; slot < SERIES; slot++) {
      const levels = lives[slot % lives.length] as Float64Array
      const level = levels[tick % levels.length] as number
      feedSeries(arena, slot, tick, level, limits[slot % lives.length] as number)
    }
  }
}

function heapBytes(): number {
  return process.memoryUsage().heapUsed
}

const made = SEEN_FAMILIES.map((family) => family.make(1))
const lives = made.map(levelsOf)
const limits = Float64Array.from(made, (each, i) => (lives[i]?.[0] ?? 0) + each.spec.headroomBytes)
const samples = 4_000_000
const rows = made.reduce((total, { trace }) => total + trace.tSec.length, 0)

let detectorSec = Infinity
let peerSec = Infinity
let garbage = Infinity
for (let round = 0; round < ROUNDS; round++) {
  const before = heapBytes()
  detectorSec = Math.min(
    detectorSec,
    cpuSec(() => feedAll(lives, limits, samples)),
  )
  // A collection in between makes the heap smaller: such a round says nothing.
  const grown = heapBytes() - before
  if (grown >= 0) garbage = Math.min(garbage, grown / samples)
  const peer = cpuSec(() => {
    for (const { trace, spec } of made) detectByLeastSquares(trace, spec)
  })
  peerSec = Math.min(peerSec, peer)
}

const rate = samples / detectorSec
const peerRate = rows / peerSec
const million = (perSec: number) => (perSec / 1e6).toFixed(2)
console.log(
  table(
    ['detector', 'million samples/s', 'bytes a series', 'garbage a sample'],
    [
      ['Plimsoll', million(rate), String(SLAB_BYTES), `${garbage.toFixed(3)} B`],
      ['least squares, 240 points', million(peerRate), String(240 * 16), ''],
    ],
  ),
)
console.log(`ratio: ${(rate / peerRate).toFixed(2)}`)
if (rate < MIN_SAMPLES_PER_SEC || SLAB_BYTES > MAX_STATE_BYTES || garbage > MAX_GARBAGE_BYTES) {
  console.error('not all measures are met')
  process.exitCode = 1
}
