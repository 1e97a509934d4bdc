/** @module The recent levels of each subject: what a sparkline draws. Bounded, whatever comes. */
import type { SubjectId, SubjectRow } from '../../../core/wire/records.ts'

const POINTS = 128
const MAX_TRAILS = 4096

/** A ring of the last levels. */
export interface Trail {
  readonly levelBytes: Float32Array
  /** All levels that ever came; the last `POINTS` of them are kept. */
  count: number
}

export type Trails = Map<SubjectId, Trail>

/** Adds one level for each row; those that are gone are forgotten. */
export function extendTrails(trails: Trails, rows: readonly SubjectRow[]): void {
  if (trails.size > rows.length) {
    const there = new Set(rows.map((row) => row.id))
    for (const id of trails.keys()) if (!there.has(id)) trails.delete(id)
  }
  for (const row of rows) {
    let trail = trails.get(row.id)
    if (trail === undefined) {
      if (trails.size >= MAX_TRAILS) continue
      trail = { levelBytes: new Float32Array(POINTS), count: 0 }
      trails.set(row.id, trail)
    }
    trail.levelBytes[trail.count % POINTS] = row.levelBytes
    trail.count++
  }
}

/** Whether any trail goes from somewhere to somewhere. */
export function hasTrend(trails: Trails): boolean {
  for (const { count } of trails.values()) if (count > 1) return true
  return false
}

/** Levels a cell. Few steps, so that a line that grows is seldom drawn anew from its beginning. */
const PER_CELL = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128] as const

/**
 * The trail in at most `cells` levels, oldest first. Each cell is the last of some levels, counted
 * from the very first, so that cells stay as they are while time goes on.
 */
export function trailCells(trail: Trail, cells: number): number[] {
  const kept = Math.min(trail.count, POINTS)
  const perCell = PER_CELL.find((levels) => Math.ceil(kept / levels) <= cells) ?? POINTS
  const levels: number[] = []
  let cell = -1
  for (let i = trail.count - kept; i < trail.count; i++) {
    const level = trail.levelBytes[i % POINTS] as number
    if (Math.floor(i / perCell) === cell) levels[levels.length - 1] = level
    else levels.push(level)
    cell = Math.floor(i / perCell)
  }
  return levels.slice(-cells)
}

/** A range that is narrower than this share of its top is drawn as if it were so wide: no drama. */
const LEAST_SPAN = 0.02

/** Levels scaled to 0..1 over their own range. */
export function scaleLevels(levels: readonly number[]): number[] {
  const low = Math.min(...levels)
  const high = Math.max(...levels)
  const span = Math.max(high - low, LEAST_SPAN * high)
  return levels.map((level) => (span === 0 ? 0 : (level - low) / span))
}

export function drawSparkline(
  trail: Trail | undefined,
  width: number,
  glyphs: readonly string[],
): string {
  if (trail === undefined) return ''
  const top = glyphs.length - 1
  const cells = scaleLevels(trailCells(trail, width))
  return cells.map((share) => glyphs[Math.round(share * top)]).join('')
}
