/** @module What a recorder holds, for people: a sentence, then what happened, oldest first, at 80 columns. */
import { formatBytes, formatPercent } from '../../../base/format.ts'
import type { HostRow } from '../../../core/procfs/records.ts'
import type { RecordedItem, RecoveredRing } from '../../../core/record/records.ts'
import { damageClauses } from '../../../core/record/words.ts'
import { type Recorded, readRecorded } from '../../../core/wire/recorded.ts'
import { safeText, wrapText } from '../watch/text.ts'

const WIDTH = 80
const TIME_WIDTH = 10
const KIND_WIDTH = 11
const INDENT = 2 + TIME_WIDTH + KIND_WIDTH

/** How to print: untrusted text is made safe for it. */
export interface PageOptions {
  readonly isUnicode: boolean
  /** Kernel texts, process tables and every sample. */
  readonly isFull: boolean
}

interface Entry {
  readonly item: RecordedItem
  readonly content: Recorded
}

function dayOf({ wallMs }: RecordedItem): string {
  return new Date(wallMs).toISOString().slice(0, 10)
}

function timeOf({ wallMs }: RecordedItem): string {
  return new Date(wallMs).toISOString().slice(11, 19)
}

function wrap(text: string, width: number, { isUnicode }: PageOptions): readonly string[] {
  return wrapText(safeText(text, isUnicode), width)
}

function entryLines(
  item: RecordedItem,
  kind: string,
  text: string,
  options: PageOptions,
): readonly string[] {
  const head = `  ${timeOf(item).padEnd(TIME_WIDTH)}${kind.padEnd(KIND_WIDTH)}`
  return wrap(text, WIDTH - INDENT, options).map(
    (line, i) => (i === 0 ? head : ' '.repeat(INDENT)) + line,
  )
}

function roomOf({ memAvailableBytes, swapFreeBytes }: HostRow): number {
  return memAvailableBytes + swapFreeBytes
}

function sampleWords(hosts: readonly HostRow[]): string {
  const [only] = hosts
  if (only === undefined) return 'none'
  const { psi, memTotalBytes } = only
  const total = formatBytes(memTotalBytes)
  if (hosts.length === 1) {
    const pressure = psi === null ? '' : `, pressure ${formatPercent(psi.fullAvg10Pct / 100)}`
    return `${formatBytes(roomOf(only))} left of ${total}${pressure}`
  }
  const rooms = hosts.map(roomOf)
  const range = `${formatBytes(Math.min(...rooms))} to ${formatBytes(Math.max(...rooms))}`
  return `${hosts.length} samples, ${range} left of ${total}`
}

function linesOf({ content }: Entry): readonly string[] {
  return content.kind === 'text' ? content.text.split('\n').filter((line) => line !== '') : []
}

function textWords(group: readonly Entry[]): string {
  const lines = group.reduce((sum, entry) => sum + linesOf(entry).length, 0)
  return lines === 1 ? 'one line' : `${lines} lines`
}

function isSameKind(a: Entry, b: Entry): boolean {
  const isFolded = a.content.kind === 'sample' || a.content.kind === 'text'
  return isFolded && a.item.type === b.item.type && dayOf(a.item) === dayOf(b.item)
}

/** Samples in a row, and pages of one text, are told as one. */
function fold(entries: readonly Entry[], { isFull }: PageOptions): readonly (readonly Entry[])[] {
  const groups: Entry[][] = []
  for (const entry of entries) {
    const last = groups.at(-1)
    if (!isFull && last?.[0] !== undefined && isSameKind(last[0], entry)) last.push(entry)
    else groups.push([entry])
  }
  return groups
}

function wordsOf(first: Entry, group: readonly Entry[]): readonly [kind: string, text: string] {
  const { item, content } = first
  switch (content.kind) {
    case 'event':
      return [content.event.kind, content.event.reason]
    case 'sample': {
      const hosts = group.flatMap((one) => (one.content.kind === 'sample' ? one.content.host : []))
      return ['sample', sampleWords(hosts)]
    }
    case 'text':
      return [item.type, textWords(group)]
    case 'unreadable':
      return [item.type, `cannot be read: ${content.why}`]
  }
}

function groupLines(first: Entry, group: readonly Entry[], options: PageOptions): string[] {
  const [kind, text] = wordsOf(first, group)
  const lost = 'something before this found no room'
  return [
    ...(first.item.isAfterLoss ? entryLines(first.item, 'lost', lost, options) : []),
    ...entryLines(first.item, kind, text, options),
    ...(options.isFull ? linesOf(first) : []).map(
      (line) => `      ${safeText(line, options.isUnicode)}`,
    ),
  ]
}

function summarize(ring: RecoveredRing): string {
  const { header, items, counts } = ring
  const [first, last] = [items.at(0), items.at(-1)]
  const who = header === null ? 'A host without a name' : `Host ${header.hostName}`
  const what =
    first === undefined || last === undefined
      ? 'recorded nothing yet'
      : `recorded ${items.length === 1 ? 'one record' : `${items.length} records`} from ${dayOf(first)} ${timeOf(first)} to ${dayOf(last)} ${timeOf(last)} UTC`
  const damage = damageClauses(ring)
  const used = `${ring.slots - counts.empty} of ${ring.slots} slots`
  return damage.length === 0
    ? `${who} ${what}; ${used} are used, and all that was written is whole.`
    : `${who} ${what}; ${used} are used, but ${damage.join(', ')}.`
}

/** The file in a sentence. */
export function summaryLines(ring: RecoveredRing, isUnicode: boolean): readonly string[] {
  return wrap(summarize(ring), WIDTH, { isUnicode, isFull: false })
}

export function renderRing(ring: RecoveredRing, options: PageOptions): string {
  const entries = ring.items.map((item): Entry => ({ item, content: readRecorded(item) }))
  const lines = [...summaryLines(ring, options.isUnicode)]
  let chapter = ''
  for (const group of fold(entries, options)) {
    const [first] = group
    if (first === undefined) continue
    const { item } = first
    const next = `${dayOf(item)}, boot ${item.bootId === '' ? 'unknown' : item.bootId.slice(0, 8)}`
    if (next !== chapter) lines.push('', next)
    chapter = next
    lines.push(...groupLines(first, group, options))
  }
  return `${lines.join('\n')}\n`
}
