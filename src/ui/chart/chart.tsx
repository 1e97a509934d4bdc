/** @module uPlot as a component: made anew when its options change, fed when its data does. */
import { useLayoutEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { CURSOR_KEY } from './theme.ts'

/** Options without what the component decides: size and cursor. */
export type ChartOptions = Omit<uPlot.Options, 'width' | 'height' | 'cursor' | 'legend'>

/** What the time axis shows, whether there are samples of it or not. */
export interface Bounds {
  readonly fromMs: number
  readonly toMs: number
}

export interface ChartProps {
  /** The same object as long as nothing but the data changes. */
  readonly options: ChartOptions
  readonly data: uPlot.AlignedData
  readonly bounds: Bounds
  readonly heightPx: number
  /** What the picture says, for those who do not see it. */
  readonly label: string
  /** Index of the point below the cursor; `null`: the cursor is elsewhere. */
  readonly onCursor?: (index: number | null) => void
  /** A part of the time axis was selected. */
  readonly onSelect?: (fromMs: number, toMs: number) => void
  /** Has an axis of its own, that no other chart's cursor belongs on. */
  readonly isAlone?: boolean
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

/** Only the cursor is shared: a selection made on one chart would else be made on each. */
function isCursorMove(type: string): boolean {
  return type === 'mousemove' || type === 'mouseleave'
}

function cursorOptions(isAlone: boolean, isSelectable: boolean): uPlot.Cursor {
  return {
    ...(isAlone
      ? {}
      : { sync: { key: CURSOR_KEY, filters: { pub: isCursorMove, sub: () => true } } }),
    drag: { x: isSelectable, y: false, setScale: false },
    points: { show: false },
    y: false,
  }
}

export function Chart(props: ChartProps) {
  const { options, data, bounds, heightPx, label, isAlone = false } = props
  const holder = useRef<HTMLDivElement>(null)
  const chart = useRef<uPlot | null>(null)
  const latest = useRef(props)
  latest.current = props
  const isSelectable = props.onSelect !== undefined

  useLayoutEffect(() => {
    const node = holder.current
    if (node === null) return undefined
    const own = cursorHooks(latest)
    const range = (): uPlot.Range.MinMax => {
      const { fromMs, toMs } = latest.current.bounds
      return [fromMs / 1_000, toMs / 1_000]
    }
    const made = new uPlot(
      {
        ...options,
        width: node.clientWidth,
        height: heightPx,
        legend: { show: false },
        cursor: cursorOptions(isAlone, isSelectable),
        scales: { ...options.scales, x: { time: true, range } },
        hooks: { ...options.hooks, ...own },
      },
      latest.current.data,
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
  }, [options, heightPx, isAlone, isSelectable])

  const drawn = useRef({ options, data, bounds })
  useLayoutEffect(() => {
    const last = drawn.current
    drawn.current = { options, data, bounds }
    // A new chart was made with this data already.
    if (last.options !== options) return
    const isMoved = last.bounds.fromMs !== bounds.fromMs || last.bounds.toMs !== bounds.toMs
    if (last.data !== data || isMoved) chart.current?.setData(data)
  }, [options, data, bounds])

  return <div class="chart" role="img" aria-label={label} ref={holder} />
}
