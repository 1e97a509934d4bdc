/** @module A run as three rows above one axis of time: what leaks, what the line carries, how others fare. Pure. */
import type { Account, Span } from '../../../../../lab/scenarios/account.ts'
import { STATE_COLOURS } from '../../../../base/palette.ts'
import type { Line, Look, Style } from '../../watch/look.ts'
import { padEnd, padStart } from '../../watch/text.ts'

const LABEL = 11

interface Row {
  readonly label: string
  readonly spans: readonly Span[]
  readonly glyph: string
  readonly style: Style
}

/** Where something was, a glyph; a span too short for a column has one all the same. */
export function drawSpans(
  spans: readonly Span[],
  { fromMs, toMs }: Span,
  columns: number,
  glyph: string,
): string {
  const cells = Array.from({ length: columns }, () => ' ')
  const columnOf = (ms: number): number => ((ms - fromMs) / (toMs - fromMs)) * columns
  for (const span of spans) {
    const first = Math.max(0, Math.min(columns - 1, Math.floor(columnOf(span.fromMs))))
    const last = Math.max(first + 1, Math.min(columns, Math.round(columnOf(span.toMs))))
    cells.fill(glyph, first, last)
  }
  return cells.join('')
}

/** The rest of a span when others are taken out of it. */
export function without({ fromMs, toMs }: Span, taken: readonly Span[]): readonly Span[] {
  const rest: Span[] = []
  let at = fromMs
  for (const span of taken.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (span.fromMs > at) rest.push({ fromMs: at, toMs: Math.min(span.fromMs, toMs) })
    at = Math.max(at, span.toMs)
  }
  if (at < toMs) rest.push({ fromMs: at, toMs })
  return rest
}

/** Empty where the scene did not get as far as a leak. */
export function pictureLines(account: Account, width: number, look: Look): readonly Line[] {
  const leakMs = account.moments.find(({ what }) => what === 'leak')?.atMs
  if (leakMs === undefined) return []
  const overMs = account.moments.find(({ what }) => what === 'over')?.atMs ?? account.tookMs
  const columns = Math.max(20, width - LABEL - 1)
  const edgeMs = Math.max(300, (overMs - leakMs) * 0.06)
  const scene: Span = { fromMs: leakMs - edgeMs, toMs: overMs + edgeMs }
  const kills = account.moments.filter(({ what }) => what === 'killed')
  const leak: Span = { fromMs: leakMs, toMs: kills.at(-1)?.atMs ?? overMs }
  const [solid, block, dot] = look.isUnicode ? ['─', '█', '·'] : ['-', '#', '.']
  const rows: readonly Row[] = [
    { label: 'leak', spans: [leak], glyph: solid, style: {} },
    {
      label: 'console',
      spans: account.printing,
      glyph: block,
      style: { colour: STATE_COLOURS.confirmed },
    },
    { label: 'others', spans: without(scene, account.stalls), glyph: dot, style: {} },
  ]
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(0)} s`
  const end = seconds(scene.toMs)
  return [
    ...rows.map(
      ({ label, spans, glyph, style }): Line => [
        { text: padEnd(`  ${label}`, LABEL), style: { isDim: true } },
        { text: drawSpans(spans, scene, columns, glyph).trimEnd(), style },
      ],
    ),
    [
      {
        text: `${' '.repeat(LABEL)}${padEnd(seconds(scene.fromMs), columns - end.length)}${padStart(end, end.length)}`,
        style: { isDim: true },
      },
    ],
  ]
}
