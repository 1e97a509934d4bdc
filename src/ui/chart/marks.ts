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

/** Lines closer than this are a block, and two shapes closer than theirs cannot be read. */
const LINE_PX = 8
const SHAPE_PX = 11

/** Less is graver. */
function gravity({ kind, data }: Event): number {
  if (kind === 'oom') return 0
  if (kind === 'action' || kind === 'decision') return 1
  if (kind === 'pressure') return 2
  if (kind !== 'verdict') return 4
  return data.to === 'confirmed' ? 1 : data.to === 'suspected' ? 3 : 5
}

/** Of marks that are closer than `apartPx` the graver, then the earlier; the list has them all. */
export function thinMarks<Mark extends { readonly x: number; readonly event: Event }>(
  marks: readonly Mark[],
  apartPx: number,
): readonly Mark[] {
  const kept = new Map<number, Mark>()
  const gravestFirst = marks.toSorted((a, b) => gravity(a.event) - gravity(b.event) || a.x - b.x)
  for (const mark of gravestFirst) {
    const cell = Math.floor(mark.x / apartPx)
    // Whatever is near enough is in the same cell or in one beside it, and each holds one.
    const isFree = [cell - 1, cell, cell + 1].every((near) => {
      const other = kept.get(near)
      return other === undefined || Math.abs(other.x - mark.x) >= apartPx
    })
    if (isFree) kept.set(cell, mark)
  }
  return [...kept.values()]
}

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
    const marks = events()
      .map((event) => ({ event, x: Math.round(chart.valToPos(event.wallMs / 1_000, 'x', true)) }))
      .filter(({ x }) => x >= bbox.left && x <= bbox.left + bbox.width)
    const lines = thinMarks(marks, LINE_PX * ratio)
    for (const { x } of lines) {
      ctx.beginPath()
      ctx.moveTo(x, bbox.top)
      ctx.lineTo(x, bbox.top + bbox.height)
      ctx.stroke()
    }
    for (const { x, event } of hasShapes ? thinMarks(lines, SHAPE_PX * ratio) : []) {
      ctx.fillText(markShape(event), x, bbox.top - ratio)
    }
    ctx.restore()
  }
}
