/** @module The host's memory by kind over time, with the pressure below it on the same axis. */
import { useMemo, useRef, useState } from 'preact/hooks'
import type uPlot from 'uplot'
import type { Event } from '../../core/wire/records.ts'
import { isDark, shadeOf } from '../store/theme.ts'
import type { Bounds, ChartOptions } from './chart.tsx'
import { Chart } from './chart.tsx'
import type { HostSeries } from './host-columns.ts'
import { HOST_LAYERS } from './host-columns.ts'
import { Legend } from './legend.tsx'
import { drawMarks } from './marks.ts'
import { selectRange } from './range.tsx'
import { stackColumns, stackSeries } from './stack.ts'
import type { Inks } from './theme.ts'
import { byteAxis, percentAxis, readInks, timeAxis } from './theme.ts'

const PADDING: uPlot.Padding = [16, 20, 0, 0]

function memoryOptions(inks: Inks, events: () => readonly Event[]): ChartOptions {
  return {
    padding: PADDING,
    axes: [timeAxis(inks, false), byteAxis(inks)],
    series: [{}, ...stackSeries(HOST_LAYERS, inks.surface, shadeOf)],
    scales: { y: { range: (_, __, high) => [0, Math.max(high, 1)] } },
    hooks: { draw: [drawMarks(events, inks, true)] },
  }
}

function pressureOptions(inks: Inks, events: () => readonly Event[]): ChartOptions {
  const [some, full] = isDark.value ? ['#f5a742', '#ff7a70'] : ['#b35c00', '#b3261e']
  return {
    padding: [8, 20, 0, 0],
    axes: [timeAxis(inks), percentAxis(inks)],
    series: [
      {},
      { label: 'some', stroke: some, fill: `${some}40`, width: 1, points: { show: false } },
      { label: 'full', stroke: full, fill: `${full}80`, width: 1.5, points: { show: false } },
    ],
    scales: { y: { range: (_, __, high) => [0, Math.max(high ?? 0, 4)] } },
    hooks: { draw: [drawMarks(events, inks, false)] },
  }
}

export function HostChart({
  series,
  bounds,
  events,
  heightPx,
}: {
  readonly series: HostSeries
  readonly bounds: Bounds
  readonly events: readonly Event[]
  readonly heightPx: number
}) {
  const [cursor, setCursor] = useState<number | null>(null)
  const shown = useRef(events)
  shown.current = events
  const dark = isDark.value
  const [memory, pressure] = useMemo(() => {
    const inks = readInks()
    const read = () => shown.current
    return [memoryOptions(inks, read), pressureOptions(inks, read)]
  }, [dark])
  const [memoryData, pressureData] = useMemo(() => {
    const sec = series.wallMs.map((ms) => ms / 1_000)
    return [
      [sec, ...stackColumns(series.layers)],
      [sec, [...series.psiSomePct], [...series.psiFullPct]],
    ] as [uPlot.AlignedData, uPlot.AlignedData]
  }, [series])
  const hasPressure = series.psiSomePct.some((value) => value !== null)
  // What is never there only makes the legend longer.
  const present = series.layers.filter(({ bytes }) =>
    bytes.some((each) => each !== null && each > 0),
  )
  const hasSwap = series.swapBytes.some((bytes) => bytes !== null && bytes > 0)
  const extra = hasSwap
    ? [{ kind: 'swap' as const, label: 'swap used', bytes: series.swapBytes }]
    : []
  return (
    <>
      <Legend entries={[...present, ...extra]} wallMs={series.wallMs} cursor={cursor} />
      <Chart
        options={memory}
        data={memoryData}
        bounds={bounds}
        heightPx={heightPx}
        label="Memory of the host by kind over time; the figures are in the list above"
        onCursor={setCursor}
        onSelect={selectRange}
      />
      <p class="chart-title">
        Pressure: share of time in which <b class="some">some</b> or <b class="full">all</b> tasks
        waited for memory
      </p>
      {hasPressure ? (
        <Chart
          options={pressure}
          data={pressureData}
          bounds={bounds}
          heightPx={92}
          label="Memory pressure over time (PSI, average over 10 s)"
          onCursor={setCursor}
          onSelect={selectRange}
        />
      ) : (
        <p class="empty small">This kernel tells no memory pressure (CONFIG_PSI, psi=1).</p>
      )}
    </>
  )
}
