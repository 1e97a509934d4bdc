/** @module From the onset to the limit in one picture: what was, the trend, and when it runs out. */
import { useMemo, useRef } from 'preact/hooks'
import type uPlot from 'uplot'
import type { MemoryKind } from '../../base/palette.ts'
import { MEMORY_COLOURS } from '../../base/palette.ts'
import { isDark, shadeOf } from '../store/theme.ts'
import type { ChartOptions } from './chart.tsx'
import { Chart } from './chart.tsx'
import { drawTrend } from './draw-trend.ts'
import { mixColours } from './stack.ts'
import { byteAxis, readInks, timeAxis } from './theme.ts'
import type { Outlook } from './trend.ts'
import { outlookBounds } from './trend.ts'

export function OutlookChart({
  outlook,
  kind,
  limitWords,
  label,
  wallMs,
  levelBytes,
}: {
  readonly outlook: Outlook
  readonly kind: MemoryKind
  readonly limitWords: string
  readonly label: string
  readonly wallMs: readonly number[]
  readonly levelBytes: readonly (number | null)[]
}) {
  const shown = useRef({ outlook, limitWords })
  shown.current = { outlook, limitWords }
  const dark = isDark.value
  const options = useMemo((): ChartOptions => {
    const inks = readInks()
    const colour = shadeOf(MEMORY_COLOURS[kind])
    const fill = mixColours(colour, inks.surface, 0.72)
    return {
      padding: [20, 20, 0, 0],
      axes: [timeAxis(inks), byteAxis(inks)],
      series: [{}, { stroke: colour, fill, width: 1, points: { show: false } }],
      scales: { y: { range: () => [0, shown.current.outlook.limitBytes * 1.04] } },
      hooks: {
        draw: [
          drawTrend(
            () => shown.current.outlook,
            () => shown.current.limitWords,
            inks.limit,
            inks,
          ),
        ],
      },
    }
  }, [dark, kind])
  const data = useMemo(
    () => [wallMs.map((ms) => ms / 1_000), [...levelBytes]] as uPlot.AlignedData,
    [wallMs, levelBytes],
  )
  return (
    <Chart
      options={options}
      data={data}
      bounds={outlookBounds(outlook)}
      heightPx={220}
      label={label}
      isAlone={true}
    />
  )
}
