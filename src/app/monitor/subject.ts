/** @module One watched subject: who it is, its series, what was last told of it. */
import { feedSeries, readState, readVerdict } from '../../core/leak/detector.ts'
import { headerAt } from '../../core/leak/ladder.ts'
import type { LeakState, LimitNature } from '../../core/leak/records.ts'
import { LEAK_STATES } from '../../core/leak/records.ts'
import { FIELD } from '../../core/leak/slab.ts'
import type { LimitRow, SubjectId, SubjectKind, SubjectRow } from '../../core/wire/records.ts'
import type { SeriesIndex } from './series-index.ts'
import { takeSlot } from './series-index.ts'

/** Updated in place at every tick. */
export interface Subject {
  readonly id: SubjectId
  readonly kind: SubjectKind
  /** Slot in the arena; -1: none is free yet, so it is shown but not judged. */
  series: number
  /** Bytes that are judged, as of the last sample; NaN: not readable. */
  levelBytes: number
  /** Level at which a limit of its own is reached; Infinity: only the host's applies. */
  ownLimitLevel: number
  ownLimitKind: LimitRow['kind']
  /** State last told in an event. */
  toldState: LeakState
  /** Whether its row differs from the one last sent. */
  isChanged: boolean
}

export function createSubject(index: SeriesIndex, id: SubjectId, kind: SubjectKind): Subject {
  // A series that was restored goes on with the state that was told of it.
  const series = takeSlot(index, id)
  if (series < 0) index.dropped++
  return {
    id,
    kind,
    series,
    levelBytes: Number.NaN,
    ownLimitLevel: Number.POSITIVE_INFINITY,
    ownLimitKind: 'host',
    toldState: series < 0 ? 'unknown' : readState(index.arena, series),
    isChanged: true,
  }
}

/** Of the limit that is reached first. */
function natureOf({ ownLimitLevel, ownLimitKind }: Subject, hostLimit: number): LimitNature {
  if (!(ownLimitLevel < hostLimit)) return 'shared'
  return ownLimitKind === 'heap-option' ? 'collected' : 'own'
}

/** Feeds one sample; `hostHeadroomBytes` is what the whole host has left. */
export function feedSubject(
  index: SeriesIndex,
  subject: Subject,
  tSec: number,
  levelBytes: number,
  hostHeadroomBytes: number,
): void {
  if (Number.isNaN(levelBytes)) return
  if (levelBytes !== subject.levelBytes) {
    subject.levelBytes = levelBytes
    subject.isChanged = true
  }
  if (subject.series < 0) subject.series = takeSlot(index, subject.id)
  if (subject.series < 0) return
  const hostLimit = levelBytes + hostHeadroomBytes
  const nature = natureOf(subject, hostLimit)
  const limit = nature === 'shared' ? hostLimit : subject.ownLimitLevel
  if (feedSeries(index.arena, subject.series, tSec, levelBytes, limit, nature)) {
    subject.isChanged = true
  }
}

export function stateOf(index: SeriesIndex, subject: Subject): LeakState {
  return subject.series < 0 ? 'unknown' : readState(index.arena, subject.series)
}

/** Whether its growth is worth a closer look: a full pass each time, its limit up to date. */
export function isRising(state: LeakState): boolean {
  return state === 'growing' || isSuspect(state)
}

/** Whether its beginning and its end are told. */
export function isSuspect(state: LeakState): state is 'suspected' | 'confirmed' {
  return state === 'suspected' || state === 'confirmed'
}

/** The limit that is reached first. */
export function tightestLimit(subject: Subject, hostHeadroomBytes: number): LimitRow {
  const own = subject.ownLimitLevel - subject.levelBytes
  return own < hostHeadroomBytes
    ? { kind: subject.ownLimitKind, headroomBytes: Math.max(0, own) }
    : { kind: 'host', headroomBytes: hostHeadroomBytes }
}

/** Of what has no series, or no sample in it yet. */
export const UNJUDGED = {
  state: LEAK_STATES[0],
  reason: 'too-early',
  levelBytes: 0,
  rateBytesPerSec: null,
  rateLowBytesPerSec: null,
  rateHighBytesPerSec: null,
  sinceSec: null,
  confirmedAtSec: null,
  etaSec: null,
  etaLowSec: null,
  etaHighSec: null,
  usedFraction: null,
} as const

export function verdictOf(index: SeriesIndex, subject: Subject): SubjectRow['verdict'] {
  if (subject.series >= 0 && sampleCount(index, subject) > 0) {
    return readVerdict(index.arena, subject.series)
  }
  return { ...UNJUDGED, levelBytes: Number.isNaN(subject.levelBytes) ? 0 : subject.levelBytes }
}

function sampleCount(index: SeriesIndex, subject: Subject): number {
  return index.arena.doubles[headerAt(subject.series) + FIELD.samples] as number
}
