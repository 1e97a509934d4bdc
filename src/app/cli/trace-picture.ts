/** @module A trace's level over time in bounded memory: bins that become wider as it goes on. */

const BINS = 1024

/** Lowest and highest level by bin of time; NaN where no sample was. */
export interface TracePicture {
  readonly low: Float64Array
  readonly high: Float64Array
  startSec: number
  endSec: number
  /** Width of a bin; NaN before the second sample. */
  binSec: number
  lastLevel: number
  /** Longest time between samples that is drawn through. */
  gapSec: number
}

/** @param sampleSec distance of the samples; `null`: as the first two show */
export function createPicture(sampleSec: number | null): TracePicture {
  return {
    low: new Float64Array(BINS).fill(NaN),
    high: new Float64Array(BINS).fill(NaN),
    startSec: NaN,
    endSec: NaN,
    binSec: sampleSec ?? NaN,
    lastLevel: NaN,
    gapSec: sampleSec === null ? NaN : GAP_SAMPLES * sampleSec,
  }
}

/** So many samples missing in a row are a gap in the line. */
const GAP_SAMPLES = 5

function mark(picture: TracePicture, bin: number, level: number): void {
  const { low, high } = picture
  // Comparisons with NaN are false: the first level of a bin is taken as it is.
  if (!((low[bin] as number) <= level)) low[bin] = level
  if (!((high[bin] as number) >= level)) high[bin] = level
}

function halve(picture: TracePicture): void {
  const { low, high } = picture
  for (let bin = 0; bin < BINS / 2; bin++) {
    low[bin] = lowest(low, 2 * bin, 2 * bin + 2)
    high[bin] = highest(high, 2 * bin, 2 * bin + 2)
  }
  low.fill(NaN, BINS / 2)
  high.fill(NaN, BINS / 2)
  picture.binSec *= 2
}

function lowest(values: Float64Array, from: number, to: number): number {
  let found = NaN
  for (let i = from; i < to; i++) if (!((values[i] as number) >= found)) found = values[i] as number
  return found
}

function highest(values: Float64Array, from: number, to: number): number {
  let found = NaN
  for (let i = from; i < to; i++) if (!((values[i] as number) <= found)) found = values[i] as number
  return found
}

/** Adds a sample; samples come in order of time. */
export function addToPicture(picture: TracePicture, tSec: number, level: number): void {
  if (Number.isNaN(picture.startSec)) picture.startSec = tSec
  const sinceLast = tSec - picture.endSec
  if (Number.isNaN(picture.binSec) && sinceLast > 0) {
    picture.binSec = sinceLast
    picture.gapSec = GAP_SAMPLES * sinceLast
  }
  const binSec = () => picture.binSec || 1
  while (tSec - picture.startSec >= BINS * binSec()) halve(picture)
  const bin = Math.floor((tSec - picture.startSec) / binSec())
  if (sinceLast <= picture.gapSec) {
    const from = Math.floor((picture.endSec - picture.startSec) / binSec()) + 1
    for (let between = from; between < bin; between++) mark(picture, between, picture.lastLevel)
  }
  mark(picture, bin, level)
  picture.endSec = tSec
  picture.lastLevel = level
}

/** The picture in `columns` equal parts of its time. */
export function columnsOf(
  picture: TracePicture,
  columns: number,
): { readonly low: number[]; readonly high: number[] } {
  const bins = Math.floor((picture.endSec - picture.startSec) / (picture.binSec || 1)) + 1
  const low: number[] = []
  const high: number[] = []
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * bins) / columns)
    const to = Math.max(from + 1, Math.floor(((column + 1) * bins) / columns))
    low.push(lowest(picture.low, from, to))
    high.push(highest(picture.high, from, to))
  }
  return { low, high }
}
