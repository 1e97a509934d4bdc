/** @module What the colours mean, with the figures below the cursor or else the last ones. */
import { formatBytes } from '../../base/format.ts'
import type { MemoryKind } from '../../base/palette.ts'
import { Swatch } from '../part/name.tsx'
import { formatAbsolute } from '../say/time.ts'

export interface LegendEntry {
  readonly kind: MemoryKind
  readonly label: string
  readonly bytes: readonly (number | null)[]
}

export function Legend({
  entries,
  wallMs,
  cursor,
}: {
  readonly entries: readonly LegendEntry[]
  readonly wallMs: readonly number[]
  readonly cursor: number | null
}) {
  const index = cursor !== null && cursor < wallMs.length ? cursor : wallMs.length - 1
  const at = wallMs[index]
  return (
    <ul class="legend">
      {at === undefined ? null : (
        <li class="at" title={formatAbsolute(at)}>
          {formatAbsolute(at).slice(11, 19)}
        </li>
      )}
      {entries.map(({ kind, label, bytes }) => (
        <li key={label}>
          <Swatch kind={kind} /> {label} <b>{formatBytes(bytes[index] ?? null)}</b>
        </li>
      ))}
    </ul>
  )
}
