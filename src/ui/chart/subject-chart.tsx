/** @module One subject's memory by kind over time, with its trend, limit and events. */
import { useMemo, useRef, useState } from 'preact/hooks'
import type uPlot from 'uplot'
import type { Event } from '../../core/wire/records.ts'
import { isDark, shadeOf } from '../store/theme.ts'
import type { Bounds, ChartOptions } from './chart.tsx'
import { Chart } from './chart.tsx'
import { drawTrend } from './draw-trend.ts'
import { Legend } from './legend.tsx'
import { drawMarks } from './marks.ts'
import { selectRange } from './range.tsx'
import type { Layer } from './stack.ts'
import { stackColumns, stackSeries } from './stack.ts'
import type { SubjectSeries } from './subject-columns.ts'
import type { Inks } from './theme.ts'
import { byteAxis, countAxis, readInks, timeAxis } from './theme.ts'
import type { Outlook } from './trend.ts'

const PADDING: uPlot.Padding = [16, 20, 0, 0]

interface Read {
  readonly events: () => readonly Event[]
  readonly outlook: () => Outlook | null
  readonly limitWords: () => string
}

/** Memory up to what it holds, not to its limit: that is what the outlook is for. */
function memoryOptions(
  layers: readonly Pick<Layer, 'kind' | 'label'>[],
  inks: Inks,
  read: Read,
): ChartOptions {
  return {
    padding: PADDING,
    axes: [timeAxis(inks), byteAxis(inks)],
    series: [{}, ...stackSeries(layers, inks.surface, shadeOf)],
    scales: { y: { range: (_, __, high) => [0, Math.max((high ?? 0) * 1.08, 4096)] } },
    hooks: {
      draw: [
        drawTrend(read.outlook, read.limitWords, inks.limit, inks),
        drawMarks(read.events, inks, true),
      ],
    },
  }
}

export function SubjectChart({
  series,
  bounds,
  events,
  outlook,
  limitWords,
}: {
  readonly series: SubjectSeries
  readonly bounds: Bounds
  readonly events: readonly Event[]
  readonly outlook: Outlook | null
  readonly limitWords: string
}) {
  const [cursor, setCursor] = useState<number | null>(null)
  const shown = useRef({ events, outlook, limitWords })
  shown.current = { events, outlook, limitWords }
  const dark = isDark.value
  const layerKey = series.layers.map((layer) => layer.kind).join()
  const options = useMemo(
    () =>
      memoryOptions(series.layers, readInks(), {
        events: () => shown.current.events,
        outlook: () => shown.current.outlook,
        limitWords: () => shown.current.limitWords,
      }),
    [dark, layerKey],
  )
  const data = useMemo(
    () =>
      [series.wallMs.map((ms) => ms / 1_000), ...stackColumns(series.layers)] as uPlot.AlignedData,
    [series],
  )
  return (
    <>
      <Legend entries={series.layers} wallMs={series.wallMs} cursor={cursor} />
      <Chart
        options={options}
        data={data}
        bounds={bounds}
        heightPx={260}
        label="Memory by kind over time; the figures are in the list above"
        onCursor={setCursor}
        onSelect={selectRange}
      />
    </>
  )
}

/** Threads and descriptors leak, too, and no figure of memory shows it. */
export function CountChart({
  wallMs,
  counts,
  bounds,
  word,
}: {
  readonly wallMs: readonly number[]
  readonly counts: readonly (number | null)[]
  readonly bounds: Bounds
  readonly word: string
}) {
  const dark = isDark.value
  const options = useMemo((): ChartOptions => {
    const inks = readInks()
    return {
      padding: [8, 20, 0, 0],
      axes: [timeAxis(inks), countAxis(inks)],
      series: [{}, { label: word, stroke: inks.text, width: 1.5, points: { show: false } }],
      scales: { y: { range: (_, __, high) => [0, Math.max((high ?? 0) * 1.2, 4)] } },
    }
  }, [dark, word])
  const data = useMemo(
    () => [wallMs.map((ms) => ms / 1_000), [...counts]] as uPlot.AlignedData,
    [wallMs, counts],
  )
  return (
    <Chart
      options={options}
      data={data}
      bounds={bounds}
      heightPx={110}
      label={`${word} over time`}
      onSelect={selectRange}
    />
  )
}
