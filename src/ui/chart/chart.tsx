/** @module uPlot as a component: made anew when its options change, fed when its data does. */
import { useEffect, useMemo, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { CURSOR_KEY } from './theme.ts'

/** Options without what the component decides: size and cursor. */
export type ChartOptions = Omit<uPlot.Options, 'width' | 'height' | 'cursor' | 'legend'>

export interface ChartProps {
  /** The same object as long as nothing but the data changes. */
  readonly options: ChartOptions
  readonly data: uPlot.AlignedData
  readonly heightPx: number
  /** What the picture says, for those who do not see it. */
  readonly label: string
  /** Index of the point below the cursor; `null`: the cursor is elsewhere. */
  readonly onCursor?: (index: number | null) => void
  /** A part of the time axis was selected. */
  readonly onSelect?: (fromMs: number, toMs: number) => void
}

type Handlers = Pick<ChartProps, 'onCursor' | 'onSelect'>

function cursorHooks(handlers: { readonly current: Handlers }): uPlot.Hooks.Arrays {
  return {
    setCursor: [(chart) => handlers.current.onCursor?.(chart.cursor.idx ?? null)],
    setSelect: [
      (chart) => {
        const { left, width } = chart.select
        const { onSelect } = handlers.current
        if (width < 4 || onSelect === undefined) return
        chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
        onSelect(chart.posToVal(left, 'x') * 1_000, chart.posToVal(left + width, 'x') * 1_000)
      },
    ],
  }
}

export function Chart({ options, data, heightPx, label, onCursor, onSelect }: ChartProps) {
  const holder = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | null>(null)
  const handlers = useRef<Handlers>({})
  handlers.current = { ...(onCursor ? { onCursor } : {}), ...(onSelect ? { onSelect } : {}) }
  const first = useRef(data)
  first.current = data

  useEffect(() => {
    const node = holder.current
    if (node === null) return undefined
    const own = cursorHooks(handlers)
    const made = new uPlot(
      {
        ...options,
        width: node.clientWidth,
        height: heightPx,
        legend: { show: false },
        cursor: { sync: { key: CURSOR_KEY }, drag: { x: true, y: false, setScale: false } },
        hooks: { ...options.hooks, ...own },
      },
      first.current,
      node,
    )
    chart.current = made
    const observer = new ResizeObserver(() => {
      if (node.clientWidth > 0 && node.clientWidth !== made.width) {
        made.setSize({ width: node.clientWidth, height: heightPx })
      }
    })
    observer.observe(node)
    return () => {
      observer.disconnect()
      made.destroy()
      chart.current = null
    }
  }, [options, heightPx])

  // The data that a new chart was made with needs no second drawing.
  useMemo(() => {
    if (chart.current !== null) chart.current.setData(data)
  }, [data])

  return <div class="chart" role="img" aria-label={label} ref={holder} />
}
