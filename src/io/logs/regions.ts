/**
 * @module Gives the reader only those parts of a log that may belong to a report, with right line numbers.
 * A region begins before a phrase of a report, as far back as lines look like one, since a report's first lines
 * may be lost; it ends where nothing of a report came for long. What lies between two regions is never decoded.
 */
import type { LogReader } from '../../core/oom/read.ts'
import { isOfReport } from '../../core/oom/read.ts'
import { createScanner, SCAN_BLOCK, SCAN_MARGIN } from './scan.ts'
import type { ByteSource } from './source.ts'

/** What people paste or mail is damaged in more ways, and small: all its lines are read. */
const WHOLE = 1024 * 1024
/** A region reaches back by steps, as long as one of the lines tried in a step is one of a report. */
const STEP = 16 * 1024
const TRIED = 8
/** At most so far: the memory summary of many nodes, the rows of a table of two thousand. */
const BEFORE = 16 * STEP
/** Kept of what was scanned, for a region that reaches back. */
const KEEP = BEFORE + 2 * STEP
/** Whatever comes later has a phrase of its own, and so a region that reaches back. */
const AFTER = 32 * 1024
/** A line is cut here; what follows up to its end is dropped. */
const MAX_LINE = 16_384
/** Read at least so much at once. */
const READ = 512 * 1024

const LF = 0x0a

/** Which bytes of the log lie where in the scanner's memory. All are places in memory but `lines`. */
interface Window {
  /** Where the next byte to be looked at lies. */
  at: number
  /** Line ends of the log before `at`. */
  lines: number
  /** End of what was read. */
  end: number
  /** What lies before has been given to the reader; it may be in memory no longer. */
  givenTo: number
  isEnd: boolean
  /** Where in the log the first byte of memory would lie. */
  base: number
  /** Where in the log the next part begins that may be passed over. */
  border: number
}

function countLines(memory: Buffer, from: number, to: number): number {
  let count = 0
  for (let at = memory.indexOf(LF, from); at >= 0 && at < to; at = memory.indexOf(LF, at + 1)) {
    count++
  }
  return count
}

/** How far back a region goes from the phrase at `at`, not beyond `limit`. */
function beginOf(memory: Buffer, at: number, limit: number): number {
  for (let begin = at; ; ) {
    const from = Math.max(limit, begin - STEP)
    if (from === limit || at - from >= BEFORE) return from
    const next = Math.max(limit, from - STEP)
    let isReport = false
    for (let tried = 0; tried < TRIED && !isReport; tried++) {
      const place = next + Math.floor(((from - next) / TRIED) * tried)
      const start = memory.indexOf(LF, place) + 1
      const end = memory.indexOf(LF, start)
      const isWhole = start > 0 && end >= 0 && end <= at && end - start <= MAX_LINE
      isReport = isWhole && isOfReport(memory.toString('utf8', start, end))
    }
    if (!isReport) return from
    begin = from
  }
}

/**
 * Reads the log to its end and gives `reader` the lines of all regions in order.
 * @throws what the source throws
 */
export async function readRegions(source: ByteSource, reader: LogReader): Promise<void> {
  const { memory, find, takeLines } = createScanner()
  const capacity = memory.length - SCAN_MARGIN
  const w: Window = {
    at: SCAN_MARGIN,
    lines: 0,
    end: SCAN_MARGIN,
    givenTo: SCAN_MARGIN,
    isEnd: false,
    base: -SCAN_MARGIN,
    border: source.passing?.tile ?? Number.POSITIVE_INFINITY,
  }
  let isInside = source.size === undefined || source.size <= WHOLE
  /** Bytes of this region since its phrase, or since a line that belongs to a report. */
  let silence = -WHOLE
  /** Of a line that is too long the rest is dropped. */
  let isDropping = false
  let lastLine = reader.lastLine()

  /** Makes room, keeps what a region may reach back to, and reads on. */
  async function fill(): Promise<void> {
    if (capacity - w.end < READ) {
      const keep = Math.max(w.givenTo, isInside ? w.at : w.at - KEEP, SCAN_MARGIN)
      memory.copyWithin(SCAN_MARGIN, keep, w.end)
      const moved = keep - SCAN_MARGIN
      w.at -= moved
      w.end -= moved
      w.givenTo -= moved
      w.base += moved
    }
    await readOn()
  }

  async function readOn(): Promise<void> {
    const got = await source.read(memory.subarray(w.end, capacity))
    w.end += got
    w.isEnd = got === 0
    memory.fill(0, w.end, w.end + SCAN_MARGIN)
  }

  /** Place in memory of a byte of the log. */
  const placeOf = (offset: number): number => offset - w.base

  /** At the border of two parts: passes over those that need not be read. */
  async function pass(): Promise<void> {
    const { passing } = source
    if (passing === undefined) return
    const offset = w.border
    if (w.at - placeOf(offset) >= SCAN_BLOCK) {
      // A region went beyond.
      w.border = Math.ceil((w.at + w.base) / passing.tile) * passing.tile
      return
    }
    let to = offset
    let lines = 0
    for (let tile = offset / passing.tile; ; tile++) {
      const passed = passing.linesOf(tile)
      if (passed === undefined) break
      lines += passed
      to += passing.tile
    }
    w.border = to + passing.tile
    if (to === offset) return
    // Of the part that comes next the scanner may have seen some bytes.
    w.lines += lines - countLines(memory, placeOf(offset), w.at)
    w.base = to - KEEP - SCAN_MARGIN
    w.givenTo = Math.min(w.givenTo, SCAN_MARGIN - 1)
    w.at = placeOf(to)
    w.end = SCAN_MARGIN
    passing.seek(to - KEEP)
    while (w.end < w.at + SCAN_MARGIN && !w.isEnd) await readOn()
  }

  /** Goes on to the next phrase; false where more has to be read first. */
  function enter(): boolean {
    const end = w.isEnd ? w.end : w.end - SCAN_MARGIN
    const until = Math.min(end, placeOf(w.border))
    if (w.at >= until) return false
    w.at = find(w.at, until)
    w.lines += takeLines()
    if (w.at >= until) return false
    let from = beginOf(memory, w.at, w.givenTo)
    if (from !== w.givenTo) {
      const end = memory.indexOf(LF, from - 1)
      from = end >= 0 && end < w.at ? end + 1 : w.at
      isDropping = from === w.at
    }
    const before = countLines(memory, from, w.at)
    silence = -(w.at + SCAN_BLOCK - from)
    w.at = from
    w.lines -= before
    // Nothing is joined to a line that was not beside it.
    if (from !== w.givenTo) reader.push('', w.lines)
    isInside = true
    return true
  }

  function give(end: number): void {
    if (isDropping) return
    reader.push(memory.toString('utf8', w.at, Math.min(end, w.at + MAX_LINE)), w.lines + 1)
    if (reader.lastLine() === lastLine) return
    lastLine = reader.lastLine()
    silence = Math.min(silence, 0)
  }

  /** Takes lines until the region is over; false where more has to be read first. */
  function goThrough(): boolean {
    while (silence <= AFTER) {
      const found = memory.indexOf(LF, w.at)
      const hasEnd = found >= 0 && found < w.end
      const end = hasEnd ? found : w.end
      if (!hasEnd && !w.isEnd && end - w.at <= MAX_LINE) return false
      if (end > w.at || hasEnd) give(end)
      silence += end + 1 - w.at
      isDropping = !hasEnd
      w.at = hasEnd ? end + 1 : end
      if (hasEnd) w.lines++
      else return false
    }
    isInside = false
    w.givenTo = w.at
    return true
  }

  for (;;) {
    if (isInside ? goThrough() : enter()) continue
    if (!isInside && w.at >= placeOf(w.border)) await pass()
    else if (w.isEnd) return
    else await fill()
  }
}
