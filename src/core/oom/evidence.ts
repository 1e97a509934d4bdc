/** @module The lines of a log on which an explanation rests, kept while a report may still need them. */
import type { Explanation } from './explain.ts'
import { rankTasks } from './holders.ts'
import type { LogReader } from './read.ts'

/** Of the last lines so many are kept, and of each so many characters. */
const MAX_LINES = 20_000
const MAX_LENGTH = 1000
/** Of many killed at once. */
const MAX_KILLED = 10

/** A line of the log as it is, behind its number. */
export type EvidenceLine = readonly [number: number, text: string]

export interface EvidenceKeeper {
  /** The same reader; what it is given is kept. */
  watch(reader: LogReader): LogReader
  evidenceOf(explanation: Explanation): readonly EvidenceLine[]
  /** All of a report, as far as they are kept; at most `most`, from its begin. */
  linesOf(explanation: Explanation, most: number): readonly EvidenceLine[]
}

/** First and last line, who was killed, and the largest of the table. */
function numbersOf({ report, pageKb }: Explanation): readonly number[] {
  const pids = new Set(report.killed.map(({ pid }) => pid))
  const rows = [
    ...rankTasks(report, pageKb).slice(0, 3),
    ...report.tasks.filter(({ pid }) => pids.has(pid)).slice(0, 3),
  ]
  const numbers = [
    report.firstLine,
    ...rows.map(({ line }) => line),
    ...report.killed.slice(0, MAX_KILLED).map(({ line }) => line),
  ]
  return [...new Set(numbers)].sort((a, b) => a - b)
}

/**
 * Of its own memory: V8 has a slice point into its parent (objects.h, SlicedString), and the parent of a line is
 * the block of the log that it came in: 20,000 short lines would hold 300 MB. What is joined is new.
 */
function copyOf(text: string): string {
  return [text.slice(0, 1), text.slice(1)].join('')
}

export function createEvidenceKeeper(isWanted: boolean): EvidenceKeeper {
  let kept = new Map<number, string>()
  let before = new Map<number, string>()
  const keptOf = (numbers: readonly number[]): readonly EvidenceLine[] =>
    numbers.flatMap((number): readonly EvidenceLine[] => {
      const text = kept.get(number) ?? before.get(number)
      return text === undefined ? [] : [[number, text]]
    })
  return {
    watch(reader) {
      if (!isWanted) return reader
      kept = new Map()
      before = new Map()
      return {
        ...reader,
        push(line, number) {
          if (kept.size >= MAX_LINES) {
            before = kept
            kept = new Map()
          }
          kept.set(number, copyOf(line.slice(0, MAX_LENGTH)))
          reader.push(line, number)
        },
      }
    },
    evidenceOf: (explanation) => keptOf(numbersOf(explanation)),
    linesOf({ report: { firstLine, lastLine } }, most) {
      const length = Math.max(0, Math.min(most, lastLine - firstLine + 1))
      return keptOf(Array.from({ length }, (_, i) => firstLine + i))
    },
  }
}
