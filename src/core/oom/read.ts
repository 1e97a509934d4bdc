/** @module Lines of a log in, reports out: the whole way in one piece. */
import { createAssembler } from './assemble.ts'
import type { OomLine } from './grammar.ts'
import { classify } from './grammar.ts'
import type { OomReport } from './records.ts'
import { stripTransport } from './transport.ts'
import { createUnwrapper } from './unwrap.ts'

export interface LogReader {
  /** One line of the log without its line end, and its number from 1. */
  push(line: string, number: number): void
  /** The last line that by its own words belongs to a report; 0 before there was one. */
  lastLine(): number
  flush(): void
}

/** Other reports and other programs print these, too. */
const OF_ANYBODY: ReadonlySet<OomLine['kind']> = new Set(['pair', 'trace', 'trace-head', 'cpu'])

/** Whether a line by its own words belongs to a report. */
export function isOfReport(line: string): boolean {
  return stripTransport(line, 0).some(({ text }) => {
    const kind = classify(text)?.kind
    return kind !== undefined && !OF_ANYBODY.has(kind)
  })
}

/**
 * @param emit called with each report once it is over
 * @param onOther called with each line that is none of a report, without its stamps
 */
export function createLogReader(
  emit: (report: OomReport) => void,
  onOther?: (text: string, line: number) => void,
): LogReader {
  const assembler = createAssembler(emit)
  let lastLine = 0
  const unwrapper = createUnwrapper((record, line) => {
    if (line !== undefined && !OF_ANYBODY.has(line.kind)) lastLine = record.line
    if (line === undefined) onOther?.(record.text, record.line)
    assembler.push(record, line)
  })
  return {
    push(line, number) {
      for (const record of stripTransport(line, number)) unwrapper.push(record)
    },
    lastLine: () => lastLine,
    flush() {
      unwrapper.flush()
      assembler.flush()
    },
  }
}

/** All reports of a log that is in memory, in the order in which they began. */
export function readReports(text: string): readonly OomReport[] {
  const reports: OomReport[] = []
  const reader = createLogReader((report) => reports.push(report))
  text.split('\n').forEach((line, index) => {
    reader.push(line, index + 1)
  })
  reader.flush()
  return reports.sort((a, b) => a.firstLine - b.firstLine)
}
