/**
 * @module The header of a series' slab: what is known besides its ladder. Doubles by index, so that
 * it can be saved as it is; a change of this layout is a change of `SLAB_VERSION`.
 */
import { LADDER_HEADER, SCALES } from './ladder.ts'

/** Goes up when a saved slab of the version before can no longer be read. */
export const SLAB_VERSION = 4

/** Index of each field in the header. Times in seconds of the series' clock; levels in bytes. */
export const FIELD = {
  /** Start of the present incarnation; NaN before the first sample. */
  startSec: 0,
  lastSec: 1,
  lastLevel: 2,
  /** Level at which memory is exhausted, as of the last sample. */
  limitLevel: 3,
  /** Seconds of a bucket of the finest scale. */
  bucketSec: 4,
  samples: 5,
  /** Indexes into LEAK_STATES and LEAK_REASONS. */
  state: 6,
  reason: 7,
  rate: 8,
  rateLow: 9,
  rateHigh: 10,
  sinceSec: 11,
  used: 12,
  /** The alarm that stands: when, from which level, how much growth; NaN when none does. */
  alarmSec: 13,
  alarmBase: 14,
  alarmGrowth: 15,
  alarmOnsetSec: 16,
  /** First level of the present incarnation, and the peak of the one before. */
  startLevel: 23,
  lastPeakLevel: 24,
  /** How long the growth took until it was confirmed. */
  alarmTookSec: 22,
  /** Earlier incarnations: how many, what they had used while growing, where they held. */
  incarnations: 17,
  credit: 18,
  knownLevel: 19,
  peakLevel: 20,
  lastLifeSec: 21,
  /** Highest limit level of the present incarnation. */
  highestLimit: 25,
  /** 1 where a garbage collector lets the heap grow towards the limit. */
  isCollected: 26,
  /** State, reason and used share of the last judgement, by scale. */
  scaleState: 27,
  scaleReason: 27 + SCALES,
  scaleUsed: 27 + 2 * SCALES,
  /** How deep the level swings at a scale, bytes; 0 where it does not. */
  scaleSwing: 27 + 3 * SCALES,
} as const

/** Behind the last field. */
export const FIELDS_END = 27 + 4 * SCALES
if (FIELDS_END > LADDER_HEADER) throw new Error('slab header overlaps the ladder')
