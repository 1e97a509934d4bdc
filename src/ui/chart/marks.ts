/** @module Events as marks on the time axis: a line, and a shape that says which kind. */
import type uPlot from 'uplot'
import type { LeakState, Verdict } from '../../core/leak/records.ts'
import type { Event } from '../../core/wire/records.ts'
import { STATE_WORDS } from '../../core/wire/subject-words.ts'
import type { Inks } from './theme.ts'

/** That of the state that it came to; what ended is neither an alarm nor harmless. */
function verdictShape({ to, verdict }: Event['data']): string {
  const isEnded = typeof verdict === 'object' && (verdict as Verdict | null)?.reason === 'ended'
  if (isEnded) return '■'
  return typeof to === 'string' && Object.hasOwn(STATE_WORDS, to)
    ? STATE_WORDS[to as LeakState].shape
    : '•'
}

/** The shape of an event's mark; the legend of marks and the Events page show the same. */
export function markShape(event: Event): string {
  switch (event.kind) {
    case 'verdict':
      return verdictShape(event.data)
    case 'lifecycle':
      return '↻'
    case 'pressure':
      return '≋'
    case 'oom':
      return '✖'
    case 'action':
    case 'decision':
      return '◆'
    default:
      return '•'
  }
}

const SHAPE_PX = 11

/** Draws what `events` holds at the time of each drawing. */
export function drawMarks(events: () => readonly Event[], inks: Inks, hasShapes: boolean) {
  return (chart: uPlot): void => {
    const { ctx, bbox } = chart
    const ratio = devicePixelRatio
    ctx.save()
    ctx.strokeStyle = inks.mark
    ctx.fillStyle = inks.mark
    ctx.lineWidth = ratio
    ctx.setLineDash([2 * ratio, 3 * ratio])
    ctx.font = `${11 * ratio}px system-ui, sans-serif`
    ctx.textAlign = 'center'
    ctx.textBaseline = 'bottom'
    let shapeAt = Number.NaN
    for (const event of events()) {
      const x = Math.round(chart.valToPos(event.wallMs / 1_000, 'x', true))
      if (!(x >= bbox.left && x <= bbox.left + bbox.width)) continue
      ctx.beginPath()
      ctx.moveTo(x, bbox.top)
      ctx.lineTo(x, bbox.top + bbox.height)
      ctx.stroke()
      // Where two are close, one shape is readable and two are not.
      if (!hasShapes || Math.abs(x - shapeAt) < SHAPE_PX * ratio) continue
      ctx.fillText(markShape(event), x, bbox.top - ratio)
      shapeAt = x
    }
    ctx.restore()
  }
}
