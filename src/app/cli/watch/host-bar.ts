/** @module The host's memory in one line, stacked by kind, and what the kinds are. */
import { formatBytes } from '../../../base/format.ts'
import type { MemoryKind } from '../../../base/palette.ts'
import { MEMORY_COLOURS } from '../../../base/palette.ts'
import type { HostRow } from '../../../core/procfs/records.ts'
import type { SubjectRow } from '../../../core/wire/records.ts'
import type { Line, Look, Span } from './look.ts'
import { glyphsOf } from './look.ts'
import { displayWidth } from './text.ts'

export interface Part {
  readonly kind: MemoryKind
  readonly bytes: number
}

/** Letters that tell kinds apart where colours do not. */
const LETTERS: Readonly<Record<MemoryKind, string>> = {
  anon: '#',
  shmem: '+',
  swap: 'w',
  slab: '%',
  pageTables: 't',
  kernelStack: 'k',
  vmalloc: 'v',
  percpu: 'p',
  hugepages: 'h',
  socket: 's',
  dmabuf: 'd',
  bpf: 'b',
  unaccounted: '?',
  file: '=',
  free: '.',
}

/**
 * What MemTotal is made of, in the order of a stack. Kernel stacks are part of VmallocUsed (with
 * CONFIG_VMAP_STACK), socket buffers of slab: neither counts twice.
 */
export function hostParts(host: HostRow): Part[] {
  const parts: Part[] = [
    { kind: 'anon', bytes: host.anonBytes },
    { kind: 'shmem', bytes: host.shmemBytes },
    { kind: 'slab', bytes: host.slabReclaimableBytes + host.slabUnreclaimableBytes },
    { kind: 'pageTables', bytes: host.pageTablesBytes },
    { kind: 'kernelStack', bytes: host.kernelStackBytes },
    { kind: 'vmalloc', bytes: (host.vmallocBytes ?? 0) - host.kernelStackBytes },
    { kind: 'percpu', bytes: host.percpuBytes ?? 0 },
    { kind: 'hugepages', bytes: host.hugepagesBytes },
    { kind: 'dmabuf', bytes: host.dmabufBytes ?? 0 },
    { kind: 'unaccounted', bytes: host.unaccountedBytes },
    { kind: 'file', bytes: host.fileBytes },
    { kind: 'free', bytes: host.memFreeBytes },
  ]
  return parts.filter(({ bytes }) => bytes > 0)
}

/** The kinds of memory of a process or service; empty where they are not told apart. */
export function rowParts(row: SubjectRow): Part[] {
  const parts: { kind: MemoryKind; bytes: number | null }[] = [
    { kind: 'anon', bytes: row.anonBytes },
    { kind: 'shmem', bytes: row.shmemBytes },
    { kind: 'swap', bytes: row.swapBytes },
    { kind: 'file', bytes: row.fileBytes },
  ]
  return parts.flatMap(({ kind, bytes }) =>
    bytes === null || bytes === 0 ? [] : [{ kind, bytes }],
  )
}

function letterOf(kind: MemoryKind, look: Look): string {
  if (!look.isColour) return LETTERS[kind]
  return kind === 'free' && look.isUnicode ? '░' : glyphsOf(look).block
}

/** One cell for each share of the whole; the sum is exactly `width` cells. */
export function stackBar(parts: readonly Part[], width: number, look: Look): Span[] {
  const total = parts.reduce((sum, { bytes }) => sum + bytes, 0)
  const spans: Span[] = []
  let sum = 0
  let drawn = 0
  for (const { kind, bytes } of parts) {
    sum += bytes
    const until = total === 0 ? 0 : Math.round((sum / total) * width)
    if (until > drawn) {
      spans.push({
        text: letterOf(kind, look).repeat(until - drawn),
        style: { colour: MEMORY_COLOURS[kind] },
      })
    }
    drawn = until
  }
  return spans
}

/** What each letter or colour is, with its size; the largest first, as many as fit. */
export function legend(parts: readonly Part[], width: number, look: Look): Span[] {
  const spans: Span[] = []
  let left = width
  const largest = [...parts].sort((a, b) => b.bytes - a.bytes)
  for (const { kind, bytes } of largest) {
    const { label } = MEMORY_COLOURS[kind]
    const text = ` ${label} ${formatBytes(bytes)}`
    const gap = spans.length === 0 ? '' : '  '
    const taken = gap.length + 1 + displayWidth(text)
    if (taken > left) continue
    left -= taken
    spans.push(
      { text: gap },
      { text: letterOf(kind, look), style: { colour: MEMORY_COLOURS[kind] } },
      { text, style: { isDim: true } },
    )
  }
  return spans
}

/** The share of the last 10 s in which some task waited for memory, and that in which all did. */
function formatPressure({ psi }: HostRow): string[] {
  if (psi === null) return ['pressure unknown']
  return [`pressure ${psi.someAvg10Pct.toFixed(1)} %`, `full ${psi.fullAvg10Pct.toFixed(1)} %`]
}

const MIN_BAR = 24
const MAX_BAR = 100

export function hostBar(host: HostRow, width: number, look: Look): Line {
  const swap =
    host.swapTotalBytes === 0
      ? []
      : [`swap ${formatBytes(host.swapTotalBytes - host.swapFreeBytes)} used`]
  const told = [
    `${formatBytes(host.memAvailableBytes)} of ${formatBytes(host.memTotalBytes)} available`,
    ...swap,
    ...formatPressure(host),
  ]
  // The bar gives way to the figures, the later figures to the bar.
  while (told.length > 1 && told.join(', ').length + MIN_BAR + 2 > width) told.pop()
  const text = told.join(', ')
  const barWidth = Math.min(MAX_BAR, width - text.length - 2)
  const bar =
    barWidth < MIN_BAR ? [] : [...stackBar(hostParts(host), barWidth, look), { text: '  ' }]
  return [...bar, { text }]
}
