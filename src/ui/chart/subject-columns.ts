/** @module A subject's history and its last ticks as layers by kind of memory. */
import type { MemoryKind } from '../../base/palette.ts'
import { MEMORY_COLOURS } from '../../base/palette.ts'
import type { HistoryColumns, SubjectKind, SubjectRow } from '../../core/wire/records.ts'
import { joinTimes } from './host-columns.ts'
import type { Layer } from './stack.ts'

export interface SubjectPoint {
  readonly wallMs: number
  readonly row: SubjectRow
}

export interface SubjectSeries {
  readonly wallMs: readonly number[]
  /** What is judged: what the layers without the page cache sum up to. */
  readonly levelBytes: readonly (number | null)[]
  readonly layers: readonly Layer[]
  readonly threads: readonly (number | null)[]
  readonly fds: readonly (number | null)[]
}

type Column = Exclude<keyof HistoryColumns, 'wallMs'>

const PROCESS_LAYERS: readonly { readonly kind: MemoryKind; readonly column: Column }[] = [
  { kind: 'anon', column: 'anonBytes' },
  { kind: 'shmem', column: 'shmemBytes' },
  { kind: 'swap', column: 'swapBytes' },
  { kind: 'file', column: 'fileBytes' },
]

/** Layers from the bottom. What is no process has one: all of it is of the same kind. */
function layersOf(kind: SubjectKind, memory: MemoryKind) {
  return kind === 'process' || kind === 'service'
    ? PROCESS_LAYERS
    : [{ kind: memory, column: 'levelBytes' as const }]
}

/**
 * @param memory kind of memory of what is no process
 * @param intervalMs between two ticks
 */
export function subjectSeries(
  kind: SubjectKind,
  memory: MemoryKind,
  recorded: { readonly stepMs: number; readonly columns: HistoryColumns } | null,
  ticks: readonly SubjectPoint[],
  intervalMs: number,
): SubjectSeries {
  const columns = recorded?.columns
  const count = columns?.wallMs.length ?? 0
  const { wallMs, places } = joinTimes(
    columns?.wallMs ?? [],
    ticks.map((point) => point.wallMs),
    Math.max(recorded?.stepMs ?? 0, intervalMs),
    // A step may be finer than the interval of the samples: what is a gap is judged here, by both.
    (place) => isSome(columns?.levelBytes[place] ?? null),
  )
  const pick = (column: Column): (number | null)[] =>
    places.map((place) => {
      if (place === null) return null
      if (place < count) return columns?.[column][place] ?? null
      return ticks[place - count]?.row[column] ?? null
    })
  const layers = layersOf(kind, memory).map((layer) => ({
    kind: layer.kind,
    label: MEMORY_COLOURS[layer.kind].label,
    bytes: pick(layer.column),
  }))
  return {
    wallMs,
    levelBytes: pick('levelBytes'),
    // A kind that is never there only makes the legend longer.
    layers: layers.filter(
      ({ kind: each, bytes }, i) =>
        i === 0 || (each === 'file' ? bytes.some(isSome) : bytes.some(isMore)),
    ),
    threads: pick('threads'),
    fds: pick('fds'),
  }
}

function isSome(value: number | null): boolean {
  return value !== null
}

function isMore(value: number | null): boolean {
  return value !== null && value > 0
}
