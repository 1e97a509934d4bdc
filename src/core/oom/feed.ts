/**
 * @module Text of a log in pieces of any size to a reader, line by line with its number. Of a large log only what
 * lies around a phrase of a report is read; the rest is counted. io/logs/regions.ts does so with bytes, and faster.
 */
import type { LogReader } from './read.ts'

/** Each report has one of them: first line or summary, kill, nobody to kill, head of the table. */
const PHRASE = /oom-kill|Killed p|killable|tgid tot/
/** What people paste is damaged in more ways, and small: so many characters are read whatever they say. */
const WHOLE = 1024 * 1024
/** Characters before a phrase that may belong to its report, and after its last line. */
const BEFORE = 256 * 1024
const AFTER = 32 * 1024
/** A line is cut here. */
const MAX_LINE = 16_384
/** Lines are handed on in blocks of about so many characters. */
const BLOCK = 32 * 1024

interface Block {
  readonly lines: readonly string[]
  /** Number of the first. */
  readonly first: number
  readonly length: number
}

export interface Feeder {
  push(text: string): void
  end(): void
  /** Lines so far. */
  lines(): number
}

export function createFeeder(reader: LogReader): Feeder {
  let rest = ''
  /** Of a line that is longer than MAX_LINE, what follows up to its end. */
  let isDropping = false
  let count = 0
  let waiting: Block[] = []
  let silence = AFTER - WHOLE
  /** The next line that the reader expects: another means that there was a gap. */
  let expected = 1

  function read(block: Block): void {
    // Nothing is joined to a line that was not beside it.
    if (block.first !== expected) reader.push('', block.first - 1)
    block.lines.forEach((line, i) => {
      const before = reader.lastLine()
      reader.push(line, block.first + i)
      const isSilent = reader.lastLine() === before
      silence = isSilent ? silence + line.length + 1 : Math.min(silence, 0)
    })
    expected = block.first + block.lines.length
  }

  function take(text: string): void {
    const lines = text.split('\n').map((line) => line.slice(0, MAX_LINE))
    const block = { lines, first: count + 1, length: text.length }
    count += lines.length
    if (PHRASE.test(text)) {
      waiting.forEach(read)
      waiting = []
      silence = Math.min(silence, 0)
      read(block)
    } else if (silence <= AFTER) read(block)
    else {
      waiting.push(block)
      let kept = waiting.reduce((sum, { length }) => sum + length, 0)
      while (kept - (waiting[0]?.length ?? 0) > BEFORE) kept -= waiting.shift()?.length ?? 0
    }
  }

  return {
    push(text) {
      let from = 0
      if (isDropping) {
        const end = text.indexOf('\n')
        if (end < 0) return
        isDropping = false
        from = end
      }
      rest += text.slice(from)
      let at = 0
      while (rest.length - at > BLOCK) {
        const end = rest.lastIndexOf('\n', at + BLOCK)
        if (end < at) break
        take(rest.slice(at, end))
        at = end + 1
      }
      const end = rest.lastIndexOf('\n')
      if (end >= at) {
        take(rest.slice(at, end))
        at = end + 1
      }
      rest = rest.slice(at)
      if (rest.length > MAX_LINE) {
        rest = rest.slice(0, MAX_LINE)
        isDropping = true
      }
    },
    end() {
      if (rest !== '') take(rest)
      rest = ''
      reader.flush()
    },
    lines: () => count,
  }
}
