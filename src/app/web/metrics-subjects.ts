/**
 * @module Subjects as metrics: at most 50 label sets, whatever runs here. A pid is no label, since each
 * restart would begin a new series: processes of one name, unit and container are one.
 */
import type { LeakState } from '../../core/leak/records.ts'
import type { SubjectKind, SubjectRow } from '../../core/wire/records.ts'
import { compareStates } from '../../core/wire/worst-first.ts'

export const MAX_SUBJECTS = 50
const MAX_LABEL_CHARS = 120

export interface SubjectLabels {
  readonly kind: SubjectKind
  readonly name: string
  readonly unit: string
  readonly container: string
}

/** Subjects that have one label set: sizes and rates add up, the worst state and the next end count. */
export interface SubjectGroup {
  readonly labels: SubjectLabels
  levelBytes: number
  /** `null`: none of them grows. */
  rateBytesPerSec: number | null
  etaSec: number | null
  state: LeakState
}

/** A name is what its process likes: cut, and without halves of characters. */
function labelText(text: string | null): string {
  return (text ?? '').slice(0, MAX_LABEL_CHARS).toWellFormed()
}

function labelsOf(row: SubjectRow, isPublic: boolean): SubjectLabels {
  return {
    kind: row.kind,
    name: labelText(row.name),
    unit: isPublic ? '' : labelText(row.unit),
    container: isPublic ? '' : labelText(row.container),
  }
}

function addRow(group: SubjectGroup, { levelBytes, verdict }: SubjectRow): void {
  group.levelBytes += levelBytes
  const { rateBytesPerSec, etaSec, state } = verdict
  if (rateBytesPerSec !== null) {
    group.rateBytesPerSec = (group.rateBytesPerSec ?? 0) + rateBytesPerSec
  }
  if (etaSec !== null) group.etaSec = Math.min(group.etaSec ?? etaSec, etaSec)
  if (compareStates(state, group.state) < 0) group.state = state
}

function groupRows(rows: Iterable<SubjectRow>, isPublic: boolean): SubjectGroup[] {
  const groups = new Map<string, SubjectGroup>()
  for (const row of rows) {
    if (isPublic && row.kind !== 'process') continue
    // A service that is awaited back has nothing to measure.
    if (row.processes === 0) continue
    const labels = labelsOf(row, isPublic)
    const key = JSON.stringify(labels)
    let group = groups.get(key)
    if (group === undefined) {
      const { state } = row.verdict
      group = { labels, levelBytes: 0, rateBytesPerSec: null, etaSec: null, state }
      groups.set(key, group)
    }
    addRow(group, row)
  }
  return [...groups.values()]
}

function compareGroups(a: SubjectGroup, b: SubjectGroup): number {
  const byState = compareStates(a.state, b.state)
  if (byState !== 0) return byState
  const untilA = a.etaSec ?? Number.MAX_VALUE
  const untilB = b.etaSec ?? Number.MAX_VALUE
  return untilA - untilB || b.levelBytes - a.levelBytes
}

/** The worst subjects; for the public the largest processes, so that the choice tells no verdict. */
export function chooseSubjects(rows: Iterable<SubjectRow>, isPublic: boolean): SubjectGroup[] {
  const groups = groupRows(rows, isPublic)
  groups.sort(isPublic ? (a, b) => b.levelBytes - a.levelBytes : compareGroups)
  return groups.slice(0, MAX_SUBJECTS)
}
