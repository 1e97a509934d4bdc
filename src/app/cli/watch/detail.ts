/** @module One subject in full: how it stands and why, what it holds, what bounds it, what happened. */
import { formatBytes, formatDuration, formatPercent, formatRate } from '../../../base/format.ts'
import { MEMORY_COLOURS, STATE_COLOURS } from '../../../base/palette.ts'
import { explainVerdict } from '../../../core/leak/explain.ts'
import type { HostRow } from '../../../core/procfs/records.ts'
import type { Event, SubjectRow } from '../../../core/wire/records.ts'
import { limitWords, memoryKindOf, STATE_WORDS } from '../../../core/wire/subject-words.ts'
import { formatSince, formatTime } from './clock.ts'
import { legend, rowParts, stackBar } from './host-bar.ts'
import type { Line, Look } from './look.ts'
import { glyphsOf } from './look.ts'
import type { Model } from './model.ts'
import { nextCommand } from './next-command.ts'
import { titleOf } from './sentence.ts'
import { padStart, safeText, wrapText } from './text.ts'
import type { Trail } from './trails.ts'
import { scaleLevels, trailCells } from './trails.ts'

const LABEL_WIDTH = 9
const CHART_ROWS = 5
const MAX_CHART = 64
const MAX_MEMBERS = 10
const MAX_EVENTS = 20

/** `label    text`, wrapped below itself. */
function field(label: string, text: string, width: number, look: Look): Line[] {
  const wrapped = wrapText(safeText(text, look.isUnicode), Math.max(8, width - LABEL_WIDTH))
  return wrapped.map((part, index) => [
    { text: (index === 0 ? label : '').padEnd(LABEL_WIDTH), style: { isDim: true } },
    { text: part },
  ])
}

/** Levels as columns of eighths of a character, with the range beside them. */
function chart(trail: Trail, row: SubjectRow, width: number, look: Look): Line[] {
  const { levels: glyphs } = glyphsOf(look)
  const levels = trailCells(trail, Math.min(MAX_CHART, width - LABEL_WIDTH - 10))
  if (levels.length < 2) return []
  const steps = CHART_ROWS * glyphs.length
  const heights = scaleLevels(levels).map((share) => Math.max(1, Math.round(share * steps)))
  const lines: Line[] = []
  for (let level = CHART_ROWS - 1; level >= 0; level--) {
    const text = heights
      .map((height) => {
        const filled = Math.min(glyphs.length, height - level * glyphs.length)
        return filled <= 0 ? ' ' : glyphs[filled - 1]
      })
      .join('')
    const isTop = level === CHART_ROWS - 1
    const side = isTop ? Math.max(...levels) : level === 0 ? Math.min(...levels) : null
    lines.push([
      { text: (isTop ? 'trend' : '').padEnd(LABEL_WIDTH), style: { isDim: true } },
      { text, style: { colour: MEMORY_COLOURS[memoryKindOf(row)] } },
      { text: side === null ? '' : ` ${formatBytes(side)}`, style: { isDim: true } },
    ])
  }
  return lines
}

function interval(low: string, high: string): string {
  return low === high ? '' : ` (${low} to ${high})`
}

function growth(row: SubjectRow, host: HostRow | null, width: number, look: Look): Line[] {
  const { verdict } = row
  if (verdict.rateBytesPerSec === null) {
    const why = verdict.state === 'unknown' ? 'not known yet' : 'does not grow'
    return field('rate', why, width, look)
  }
  const rates = interval(
    formatRate(verdict.rateLowBytesPerSec),
    formatRate(verdict.rateHighBytesPerSec),
  )
  const highEta = verdict.etaHighSec === null ? 'never' : formatDuration(verdict.etaHighSec)
  const left =
    verdict.etaSec === null
      ? 'no end in sight'
      : formatDuration(verdict.etaSec) + interval(formatDuration(verdict.etaLowSec), highEta)
  const used =
    verdict.usedFraction === null
      ? ''
      : `; ${formatPercent(verdict.usedFraction)} of what was free is used`
  const lines = [
    ...field('rate', formatRate(verdict.rateBytesPerSec) + rates, width, look),
    ...field('left', left + used, width, look),
  ]
  if (verdict.sinceSec !== null && host !== null) {
    const ago = formatDuration(host.bootMs / 1000 - verdict.sinceSec)
    const clock = formatSince(verdict.sinceSec, host, look.utcOffsetMin)
    const alarm =
      verdict.confirmedAtSec === null
        ? ''
        : `; confirmed at ${formatSince(verdict.confirmedAtSec, host, look.utcOffsetMin)}`
    lines.push(...field('since', `${clock}, ${ago} ago${alarm}`, width, look))
  }
  return lines
}

function identity(row: SubjectRow): string {
  const told: [name: string, value: string | number | null][] = [
    ['pid', row.pid],
    ['uid', row.uid],
    ['processes', row.processes],
    ['threads', row.threads],
    ['descriptors', row.fds],
  ]
  return told
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}

function members(model: Model, row: SubjectRow, width: number, look: Look): Line[] {
  if (row.kind !== 'service') return []
  const all = (model.snapshot?.rows ?? [])
    .filter((candidate) => candidate.serviceId === row.id)
    .sort((a, b) => b.levelBytes - a.levelBytes)
  const lines = all.slice(0, MAX_MEMBERS).flatMap((member, index) => {
    const size = padStart(formatBytes(member.levelBytes), 8)
    const { word } = STATE_WORDS[member.verdict.state]
    return field(index === 0 ? 'of it' : '', `${size}  ${titleOf(member)}, ${word}`, width, look)
  })
  const more = all.length - MAX_MEMBERS
  return more > 0 ? [...lines, ...field('', `and ${more} more`, width, look)] : lines
}

function events(all: readonly Event[], id: string, width: number, look: Look): Line[] {
  return all
    .filter((event) => event.subject?.id === id)
    .slice(0, MAX_EVENTS)
    .flatMap((event, index) =>
      field(
        index === 0 ? 'events' : '',
        `${formatTime(event.wallMs, look.utcOffsetMin)}  ${event.reason}`,
        width,
        look,
      ),
    )
}

/** @param id of a subject that may be gone */
export function detailLines(model: Model, id: string, width: number, look: Look): Line[] {
  const row = model.snapshot?.rows.find((candidate) => candidate.id === id)
  if (row === undefined) {
    const known = model.events.find((event) => event.subject?.id === id)?.subject
    const name = known?.comm == null ? id : `${known.comm} ${known.pid ?? ''}`.trim()
    const gone = `${name} is gone: what it held came back to the host`
    const text = wrapText(safeText(gone, look.isUnicode), width)
    return [
      ...text.map((part): Line => [{ text: part }]),
      [],
      ...events(model.events, id, width, look),
    ]
  }
  const host = model.snapshot?.host ?? null
  const trail = model.trails.get(id)
  const parts = rowParts(row)
  const indent = { text: ' '.repeat(LABEL_WIDTH) }
  const space = Math.max(8, width - LABEL_WIDTH)
  const command = nextCommand(row)
  const sentence = safeText(explainVerdict(row.verdict, row), look.isUnicode)
  const { state } = row.verdict
  const bound =
    row.limit === null
      ? 'unknown'
      : `${limitWords(row.limit)}, ${formatBytes(row.limit.headroomBytes)} below it`
  return [
    ...wrapText(sentence, width).map(
      (text): Line => [{ text, style: { isBold: true, colour: STATE_COLOURS[state] } }],
    ),
    [],
    ...field('memory', formatBytes(row.levelBytes), width, look),
    ...(parts.length === 0
      ? []
      : [
          [indent, ...stackBar(parts, Math.min(MAX_CHART, space), look)],
          [indent, ...legend(parts, space, look)],
        ]),
    ...(trail === undefined ? [] : chart(trail, row, width, look)),
    ...growth(row, host, width, look),
    ...field('limit', bound, width, look),
    ...(identity(row) === '' ? [] : field('has', identity(row), width, look)),
    ...(row.container === null ? [] : field('in', `container ${row.container}`, width, look)),
    ...(row.unit === null ? [] : field('unit', row.unit, width, look)),
    ...(row.cgroup === null ? [] : field('cgroup', row.cgroup, width, look)),
    ...(command === null ? [] : field('next', command, width, look)),
    ...members(model, row, width, look),
    ...events(model.events, id, width, look),
  ]
}
