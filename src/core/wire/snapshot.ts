/** @module What a reader of the guard knows: all subjects, kept up to date from samples. */
import { assertTrue } from '../../base/assert.ts'
import type { HostRow } from '../procfs/records.ts'
import type { SampleBody, SubjectId, SubjectRow } from './records.ts'

/** 64 MiB of samples, some 80,000 subjects: a tick that claims more is not believed. */
const MAX_PARTS = 1_024

/** Owned by its reader and updated in place, only ever by whole ticks. */
export interface Snapshot {
  /** `null`: nothing came yet. */
  tick: number | null
  host: HostRow | null
  readonly rows: Map<SubjectId, SubjectRow>
  /** False until the first full tick, and after a hole until the next. */
  isSynced: boolean
  /** Parts of the tick that is not whole yet, in order. */
  pending: SampleBody[]
}

/** What one whole tick changed. */
export interface TickChange {
  readonly tick: number
  readonly full: boolean
  readonly host: HostRow
  readonly rows: readonly SubjectRow[]
  readonly gone: readonly SubjectId[]
}

/**
 * - `partial`: more parts of this tick are to come.
 * - `complete`: the snapshot is at this tick now.
 * - `lost`: something is missing; ask for everything anew. Said once a hole.
 * - `ignored`: of no use before everything was sent anew.
 */
export type SampleOutcome =
  | { readonly kind: 'partial' }
  | { readonly kind: 'complete'; readonly change: TickChange }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'ignored' }

export function createSnapshot(): Snapshot {
  return { tick: null, host: null, rows: new Map(), isSynced: false, pending: [] }
}

/** Says that what comes next does not follow what came before, e.g. after a reconnect. */
export function interruptSnapshot(snapshot: Snapshot): void {
  snapshot.isSynced = false
  snapshot.pending = []
}

function lose(snapshot: Snapshot, reason: string): SampleOutcome {
  const wasWhole = snapshot.isSynced || snapshot.pending.length > 0
  interruptSnapshot(snapshot)
  return wasWhole ? { kind: 'lost', reason } : { kind: 'ignored' }
}

/** Why `body` does not follow what came before; `null` when it does. */
function findHole(snapshot: Snapshot, body: SampleBody): string | null {
  const [first] = snapshot.pending
  const expected = snapshot.pending.length
  if (first !== undefined && first.tick !== body.tick) {
    return `tick ${first.tick} ended at part ${expected} of ${first.parts}`
  }
  if (body.parts > MAX_PARTS) return `tick ${body.tick} claims ${body.parts} parts`
  if (body.part !== expected || body.part >= body.parts) {
    return `expected part ${expected} of tick ${body.tick}, got ${body.part} of ${body.parts}`
  }
  if (first !== undefined && (first.parts !== body.parts || first.full !== body.full)) {
    return `part ${body.part} of tick ${body.tick} does not go with part 0`
  }
  if (first === undefined && body.host === null) return `tick ${body.tick} came without the host`
  if (first === undefined && !body.full && body.tick !== (snapshot.tick ?? 0) + 1) {
    return `expected tick ${(snapshot.tick ?? 0) + 1}, got ${body.tick}`
  }
  return null
}

function applyRows(snapshot: Snapshot, parts: readonly SampleBody[], full: boolean): SubjectId[] {
  const gone = new Set(parts.flatMap((part) => part.gone).filter((id) => snapshot.rows.has(id)))
  const listed = new Set<SubjectId>()
  for (const { rows } of parts) {
    for (const row of rows) {
      snapshot.rows.set(row.id, row)
      if (full) listed.add(row.id)
    }
  }
  if (full) {
    for (const id of snapshot.rows.keys()) if (!listed.has(id)) gone.add(id)
  }
  for (const id of gone) snapshot.rows.delete(id)
  return [...gone]
}

/** Applies one sample to `snapshot`, which shows no tick before it is whole. */
export function applySample(snapshot: Snapshot, body: SampleBody): SampleOutcome {
  const isStart = body.full && body.part === 0
  // A full tick begins anew whatever came before.
  if (isStart) snapshot.pending = []
  if (!isStart && !snapshot.isSynced && snapshot.pending.length === 0) return { kind: 'ignored' }
  const hole = findHole(snapshot, body)
  if (hole !== null) return lose(snapshot, hole)
  snapshot.pending.push(body)
  if (snapshot.pending.length < body.parts) return { kind: 'partial' }
  const parts = snapshot.pending
  const host = parts[0]?.host ?? null
  assertTrue(host !== null, 'part 0 without a host was refused')
  snapshot.pending = []
  snapshot.tick = body.tick
  snapshot.host = host
  snapshot.isSynced = true
  const gone = applyRows(snapshot, parts, body.full)
  const rows = parts.flatMap((part) => part.rows)
  return { kind: 'complete', change: { tick: body.tick, full: body.full, host, rows, gone } }
}
