/** @module Tells a report of a log that goes on: one is over when the next begins, or when nothing of it came for long. */
import type { LogReader } from './read.ts'
import { isOfReport } from './read.ts'

/** Two, so that a program that was itself stopped for long first reads what came meanwhile. */
const SILENT_TICKS = 2

export interface LiveReader extends LogReader {
  /** Called at regular intervals: what has been silent for two of them is over. */
  tick(): void
}

export function tellWhenSilent(reader: LogReader): LiveReader {
  let seen = 0
  let last = ''
  let hasNew = false
  let isPending = false
  let silentTicks = 0
  return {
    ...reader,
    push(line, number) {
      last = line
      hasNew = true
      isPending = true
      reader.push(line, number)
    },
    tick() {
      // The last line is held back by the reader, since it may go on: it counts by its own words.
      const isSpoken = reader.lastLine() !== seen || (hasNew && isOfReport(last))
      seen = reader.lastLine()
      hasNew = false
      silentTicks = isSpoken ? 0 : silentTicks + 1
      if (silentTicks < SILENT_TICKS || !isPending) return
      isPending = false
      reader.flush()
      seen = reader.lastLine()
    },
  }
}
