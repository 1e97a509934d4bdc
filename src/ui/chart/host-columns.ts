/** @module The host's history and its last ticks as one series of layers, pressure beside them. */
import type { MemoryKind } from '../../base/palette.ts'
import type { HostRow } from '../../core/procfs/records.ts'
import type { HostHistoryColumns } from '../../core/wire/records.ts'
import type { Layer } from './stack.ts'

type ByteColumn = Exclude<
  keyof HostHistoryColumns,
  'wallMs' | 'psiSomeAvg10Pct' | 'psiFullAvg10Pct'
>

interface HostLayer {
  readonly kind: MemoryKind
  readonly label: string
  readonly column: ByteColumn
  readonly read: (host: HostRow) => number
}

/** As the history sums it up. */
function kernelBytes(host: HostRow): number {
  return (
    host.pageTablesBytes +
    host.kernelStackBytes +
    (host.vmallocBytes ?? 0) +
    (host.percpuBytes ?? 0) +
    (host.socketBytes ?? 0)
  )
}

/** From the bottom of the stack. */
export const HOST_LAYERS: readonly HostLayer[] = [
  { kind: 'anon', label: 'anonymous', column: 'anonBytes', read: (host) => host.anonBytes },
  { kind: 'shmem', label: 'shared', column: 'shmemBytes', read: (host) => host.shmemBytes },
  {
    kind: 'slab',
    label: 'slab',
    column: 'slabBytes',
    read: (host) => host.slabReclaimableBytes + host.slabUnreclaimableBytes,
  },
  { kind: 'kernelStack', label: 'other kernel', column: 'kernelBytes', read: kernelBytes },
  {
    kind: 'hugepages',
    label: 'huge pages',
    column: 'hugepagesBytes',
    read: (host) => host.hugepagesBytes,
  },
  {
    kind: 'unaccounted',
    label: 'unaccounted',
    column: 'unaccountedBytes',
    read: (host) => Math.max(0, host.unaccountedBytes),
  },
  { kind: 'file', label: 'page cache', column: 'fileBytes', read: (host) => host.fileBytes },
  { kind: 'free', label: 'free', column: 'freeBytes', read: (host) => host.memFreeBytes },
]

export interface HostSeries {
  readonly wallMs: readonly number[]
  readonly layers: readonly Layer[]
  readonly psiSomePct: readonly (number | null)[]
  readonly psiFullPct: readonly (number | null)[]
  readonly swapBytes: readonly (number | null)[]
}

/** A time without samples this many steps long is a gap, not a line across it. */
const GAP_STEPS = 4
/** Less than that between two samples is a machine that is busy. */
const MIN_GAP_MS = 20_000

/**
 * Puts points of the last ticks to the right of what was recorded, with a gap where nobody looked.
 * @param isKnown whether what was recorded at a place is a point, and no gap of its own
 * @returns for each point its place: below `count` in what was recorded, else in the ticks after it;
 *   `null`: a gap
 */
export function joinTimes(
  recordedMs: readonly number[],
  tickMs: readonly number[],
  stepMs: number,
  isKnown: (place: number) => boolean = () => true,
): { readonly wallMs: number[]; readonly places: (number | null)[] } {
  const wallMs: number[] = []
  const places: (number | null)[] = []
  const add = (ms: number, place: number): void => {
    const before = wallMs.at(-1)
    if (before !== undefined && ms <= before) return
    if (before !== undefined && ms - before > Math.max(MIN_GAP_MS, GAP_STEPS * stepMs)) {
      wallMs.push(before + 1)
      places.push(null)
    }
    wallMs.push(ms)
    places.push(place)
  }
  for (const [i, ms] of recordedMs.entries()) if (isKnown(i)) add(ms, i)
  for (const [i, ms] of tickMs.entries()) add(ms, recordedMs.length + i)
  return { wallMs, places }
}

/**
 * @param recorded `null`: none, the ticks alone
 * @param intervalMs between two ticks
 */
export function hostSeries(
  recorded: { readonly stepMs: number; readonly columns: HostHistoryColumns } | null,
  ticks: readonly HostRow[],
  intervalMs: number,
): HostSeries {
  const columns = recorded?.columns
  const count = columns?.wallMs.length ?? 0
  const { wallMs, places } = joinTimes(
    columns?.wallMs ?? [],
    ticks.map((host) => host.wallMs),
    Math.max(recorded?.stepMs ?? 0, intervalMs),
  )
  const pick = (
    column: readonly (number | null)[] | undefined,
    read: (host: HostRow) => number | null,
  ): (number | null)[] =>
    places.map((place) => {
      if (place === null) return null
      if (place < count) return column?.[place] ?? null
      const host = ticks[place - count]
      return host === undefined ? null : read(host)
    })
  return {
    wallMs,
    layers: HOST_LAYERS.map(({ kind, label, column, read }) => ({
      kind,
      label,
      bytes: pick(columns?.[column], read),
    })),
    psiSomePct: pick(columns?.psiSomeAvg10Pct, (host) => host.psi?.someAvg10Pct ?? null),
    psiFullPct: pick(columns?.psiFullAvg10Pct, (host) => host.psi?.fullAvg10Pct ?? null),
    swapBytes: pick(columns?.swapUsedBytes, (host) => host.swapTotalBytes - host.swapFreeBytes),
  }
}
