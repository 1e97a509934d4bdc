/**
 * @module Gives the reader only those parts of a log that may belong to a report, with right line numbers.
 * A region begins so many bytes before a phrase of a report, since a report's first lines may have none, and
 * ends where nothing of a report came for long. What lies between two regions is never decoded.
 */
import type { LogReader } from '../../core/oom/read.ts'
import { createScanner, SCAN_BLOCK, SCAN_MARGIN } from './scan.ts'
import type { ByteSource } from './source.ts'

/** A report whose first phrase is its table or its kill has traces and the memory summary before. */
const BEFORE = 128 * 1024
/** Whatever comes later has a phrase of its own, and so a region that reaches back. */
const AFTER = 64 * 1024
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
}

function countLines(memory: Buffer, from: number, to: number): number {
  let count = 0
  for (let at = memory.indexOf(LF, from); at >= 0 && at < to; at = memory.indexOf(LF, at + 1)) {
    count++
  }
  return count
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
  }
  let isInside = false
  /** Bytes of this region since its phrase, or since a line that belongs to a report. */
  let silence = 0
  /** Of a line that is too long the rest is dropped. */
  let isDropping = false
  let lastLine = reader.lastLine()

  /** Makes room, keeps what a region may reach back to, and reads on. */
  async function fill(): Promise<void> {
    if (capacity - w.end < READ) {
      const keep = Math.max(w.givenTo, isInside ? w.at : w.at - BEFORE, SCAN_MARGIN)
      memory.copyWithin(SCAN_MARGIN, keep, w.end)
      const moved = keep - SCAN_MARGIN
      w.at -= moved
      w.end -= moved
      w.givenTo -= moved
    }
    const got = await source.read(memory.subarray(w.end, capacity))
    w.end += got
    w.isEnd = got === 0
    memory.fill(0, w.end, w.end + SCAN_MARGIN)
  }

  /** Goes on to the next phrase; false where more has to be read first. */
  function enter(): boolean {
    const until = w.isEnd ? w.end : w.end - SCAN_MARGIN
    if (w.at >= until) return false
    w.at = find(w.at, until)
    w.lines += takeLines()
    if (w.at >= until) return false
    let from = Math.max(w.givenTo, w.at - BEFORE)
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
    if (w.isEnd) return
    await fill()
  }
}
