/** @module Draws trend, cone and limit onto a chart. */
import type uPlot from 'uplot'
import type { Inks } from './theme.ts'
import type { Outlook, Point } from './trend.ts'

export interface Place {
  readonly x: number
  readonly y: number
}

function place(chart: uPlot, { wallMs, bytes }: Point): Place {
  return {
    x: chart.valToPos(wallMs / 1_000, 'x', true),
    y: chart.valToPos(bytes, 'y', true),
  }
}

/** Dashes cost by their number: of a line to next year, those of a quarter of an hour are made. */
export function clipToWidth(from: Place, to: Place, left: number, right: number): Place[] {
  const at = (x: number): Place => {
    const share = to.x === from.x ? 0 : (x - from.x) / (to.x - from.x)
    return { x, y: from.y + share * (to.y - from.y) }
  }
  if (to.x < left || from.x > right) return []
  return [from.x < left ? at(left) : from, to.x > right ? at(right) : to]
}

function line(ctx: CanvasRenderingContext2D, points: readonly Place[]): void {
  ctx.beginPath()
  for (const [i, { x, y }] of points.entries()) i === 0 ? ctx.moveTo(x, y) : ctx.lineTo(x, y)
}

function drawCone(chart: uPlot, outlook: Outlook, colour: string): void {
  const { ctx, bbox } = chart
  const now = place(chart, outlook.now)
  const early = place(chart, outlook.earliest ?? outlook.end)
  const right = { x: bbox.left + bbox.width, y: now.y }
  const late = outlook.latest === null ? right : place(chart, outlook.latest)
  ctx.globalAlpha = 0.22
  ctx.fillStyle = colour
  line(
    ctx,
    outlook.latest === null ? [now, early, { x: right.x, y: early.y }, right] : [now, early, late],
  )
  ctx.fill()
  ctx.globalAlpha = 1
}

function drawLimit(chart: uPlot, bytes: number, words: string, inks: Inks): void {
  const { ctx, bbox } = chart
  const y = chart.valToPos(bytes, 'y', true)
  if (!(y >= bbox.top - 1)) return
  ctx.strokeStyle = inks.limit
  ctx.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio])
  line(ctx, [
    { x: bbox.left, y },
    { x: bbox.left + bbox.width, y },
  ])
  ctx.stroke()
  ctx.fillStyle = inks.limit
  ctx.textBaseline = 'bottom'
  ctx.textAlign = 'left'
  ctx.fillText(words, bbox.left + 6 * devicePixelRatio, y - 3 * devicePixelRatio)
}

/**
 * A hook for uPlot that draws what `outlook` holds at the time of each drawing, within the plot.
 * @param limitWords beside the line of the limit
 */
export function drawTrend(
  outlook: () => Outlook | null,
  limitWords: () => string,
  colour: string,
  inks: Inks,
) {
  return (chart: uPlot): void => {
    const told = outlook()
    if (told === null) return
    const { ctx, bbox } = chart
    ctx.save()
    ctx.beginPath()
    ctx.rect(bbox.left, 0, bbox.width, bbox.top + bbox.height)
    ctx.clip()
    ctx.lineWidth = 1.5 * devicePixelRatio
    ctx.font = `${11 * devicePixelRatio}px system-ui, sans-serif`
    drawCone(chart, told, colour)
    drawLimit(chart, told.limitBytes, limitWords(), inks)
    ctx.strokeStyle = inks.mark
    ctx.setLineDash([])
    const now = place(chart, told.now)
    const [left, right] = [bbox.left, bbox.left + bbox.width]
    line(ctx, clipToWidth(place(chart, told.onset), now, left, right))
    ctx.stroke()
    ctx.setLineDash([5 * devicePixelRatio, 3 * devicePixelRatio])
    const end = place(chart, told.end)
    line(ctx, clipToWidth(now, end, left, right))
    ctx.stroke()
    ctx.fillStyle = inks.limit
    ctx.beginPath()
    ctx.arc(end.x, end.y, 4 * devicePixelRatio, 0, 2 * Math.PI)
    ctx.fill()
    ctx.restore()
  }
}
