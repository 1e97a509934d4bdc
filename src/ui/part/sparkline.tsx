/** @module The last levels of a subject as a small line; its figures stand beside it in words. */
import { useEffect, useState } from 'preact/hooks'
import { MEMORY_COLOURS } from '../../base/palette.ts'
import type { SubjectRow } from '../../core/wire/records.ts'
import { memoryKindOf } from '../say/subject.ts'
import { live } from '../store/connection.ts'
import type { Trail } from '../store/live.ts'
import { prependTrail } from '../store/live.ts'
import { fetchHistory } from '../store/request.ts'
import { shadeOf } from '../store/theme.ts'

const WIDTH = 96
const HEIGHT = 22
const BEFORE_MS = 15 * 60_000

/** Points of a polyline in a box of `WIDTH` by `HEIGHT`; empty with less than two levels. */
export function sparklinePoints({ wallMs, levelBytes }: Trail): string {
  const from = wallMs[0]
  const to = wallMs.at(-1)
  if (from === undefined || to === undefined || to <= from) return ''
  const low = Math.min(...levelBytes)
  const span = Math.max(Math.max(...levelBytes) - low, 1)
  return wallMs
    .map((ms, i) => {
      const x = ((ms - from) / (to - from)) * (WIDTH - 2) + 1
      const y = HEIGHT - 2 - (((levelBytes[i] ?? low) - low) / span) * (HEIGHT - 4)
      return `${x.toFixed(1)},${y.toFixed(1)}`
    })
    .join(' ')
}

/** A trail is asked for once, however often its row scrolls in and out. */
const asked = new WeakSet<Trail>()

async function fillTrail(id: string): Promise<void> {
  const before = live.trails.get(id)
  if (before === undefined || asked.has(before)) return
  asked.add(before)
  const toMs = live.host?.wallMs ?? Date.now()
  const history = await fetchHistory(id, { fromMs: toMs - BEFORE_MS, toMs, points: 120 })
  const trail = live.trails.get(id)
  // Without history the line grows from here: no reason to trouble anyone.
  if (!history.ok || trail === undefined) return
  const { wallMs, levelBytes } = history.value.columns
  const known = wallMs.flatMap((ms, i) => {
    const level = levelBytes[i]
    return level === null || level === undefined ? [] : [{ ms, level }]
  })
  prependTrail(trail, {
    wallMs: known.map((point) => point.ms),
    levelBytes: known.map((point) => point.level),
  })
}

export function Sparkline({ row }: { readonly row: SubjectRow }) {
  const trail = live.trails.get(row.id)
  const [, draw] = useState(0)
  useEffect(() => void fillTrail(row.id).then(() => draw((count) => count + 1)), [row.id, trail])
  const points = trail === undefined ? '' : sparklinePoints(trail)
  return (
    <svg class="sparkline" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} aria-hidden="true">
      <polyline
        points={points}
        fill="none"
        stroke={shadeOf(MEMORY_COLOURS[memoryKindOf(row)])}
        stroke-width="1.5"
      />
    </svg>
  )
}
