/** @module The host's figures of this moment: the few that matter first, the kernel's own apart. */
import type { ComponentChildren } from 'preact'
import { formatBytes, formatPercent } from '../../base/format.ts'
import type { MemoryKind } from '../../base/palette.ts'
import { MEMORY_COLOURS } from '../../base/palette.ts'
import type { HostRow } from '../../core/procfs/records.ts'
import type { StateBody } from '../../core/wire/records.ts'
import { Swatch } from './name.tsx'

function Figure({
  word,
  children,
  small,
}: {
  readonly word: string
  readonly children: ComponentChildren
  readonly small?: ComponentChildren
}) {
  return (
    <div class="figure">
      <dt>{word}</dt>
      <dd>
        <b>{children}</b> {small === undefined ? null : <small>{small}</small>}
      </dd>
    </div>
  )
}

export function HostFigures({
  host,
  state,
}: {
  readonly host: HostRow
  readonly state: StateBody | null
}) {
  const { memTotalBytes, memAvailableBytes, swapTotalBytes, psi } = host
  const swapUsedBytes = swapTotalBytes - host.swapFreeBytes
  return (
    <dl class="figures">
      <Figure word="Available" small={`of ${formatBytes(memTotalBytes)}`}>
        {formatBytes(memAvailableBytes)}
      </Figure>
      <Figure word="In use">{formatPercent(1 - memAvailableBytes / memTotalBytes)}</Figure>
      {swapTotalBytes === 0 ? (
        <Figure word="Swap">none</Figure>
      ) : (
        <Figure word="Swap used" small={`of ${formatBytes(swapTotalBytes)}`}>
          {formatBytes(swapUsedBytes)}
        </Figure>
      )}
      {psi === null ? (
        <Figure word="Pressure">unknown</Figure>
      ) : (
        <Figure word="Pressure, 10 s" small={`full ${formatPercent(psi.fullAvg10Pct / 100)}`}>
          some {formatPercent(psi.someAvg10Pct / 100)}
        </Figure>
      )}
      <Figure
        word="Unaccounted"
        small={formatPercent(Math.max(0, host.unaccountedBytes) / memTotalBytes)}
      >
        {formatBytes(host.unaccountedBytes)}
      </Figure>
      <Figure word="Processes">{host.processes}</Figure>
      {state === null ? null : (
        <Figure word="Plimsoll's guard" small={`${state.series} series`}>
          {formatBytes(state.rssBytes)}
        </Figure>
      )}
    </dl>
  )
}

interface Part {
  readonly kind: MemoryKind
  readonly word?: string
  readonly bytes: number | null
  readonly what: string
}

function kernelParts(host: HostRow): readonly Part[] {
  return [
    {
      kind: 'slab',
      word: 'slab, unreclaimable',
      bytes: host.slabUnreclaimableBytes,
      what: "the kernel's objects that are in use",
    },
    {
      kind: 'slab',
      word: 'slab, reclaimable',
      bytes: host.slabReclaimableBytes,
      what: 'caches that give way',
    },
    { kind: 'pageTables', bytes: host.pageTablesBytes, what: 'maps of all address spaces' },
    { kind: 'kernelStack', bytes: host.kernelStackBytes, what: 'one a thread' },
    { kind: 'vmalloc', bytes: host.vmallocBytes, what: 'large areas of kernel and modules' },
    { kind: 'percpu', bytes: host.percpuBytes, what: 'counters of each processor' },
    { kind: 'hugepages', bytes: host.hugepagesBytes, what: 'set aside, used or not' },
    { kind: 'socket', bytes: host.socketBytes, what: 'data on its way through the network' },
    { kind: 'dmabuf', bytes: host.dmabufBytes, what: 'buffers of graphics and cameras' },
    { kind: 'bpf', bytes: host.bpfBytes, what: 'programs and maps in the kernel' },
    {
      kind: 'unaccounted',
      bytes: host.unaccountedBytes,
      what: 'has no name: drivers, and leaks in the kernel',
    },
  ]
}

/** What no process shows, and the remainder that nobody claims. */
export function KernelMemory({ host }: { readonly host: HostRow }) {
  return (
    <section aria-labelledby="kernel-title" class="panel">
      <div class="panel-head">
        <h2 id="kernel-title">Memory of no process</h2>
      </div>
      <ul class="parts">
        {kernelParts(host).map(({ kind, word, bytes, what }) => (
          <li key={word ?? kind} class={bytes === null ? 'unknown' : ''}>
            <span class="part-name">
              <Swatch kind={kind} /> {word ?? MEMORY_COLOURS[kind].label}
            </span>
            <b class="num">{formatBytes(bytes)}</b>
            <small>{what}</small>
          </li>
        ))}
      </ul>
    </section>
  )
}
