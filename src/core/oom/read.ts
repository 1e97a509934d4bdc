/** @module Lines of a log in, reports out: the whole way in one piece. */
import { createAssembler } from './assemble.ts'
import type { OomReport } from './records.ts'
import { stripTransport } from './transport.ts'
import { createUnwrapper } from './unwrap.ts'

export interface LogReader {
  /** One line of the log without its line end, and its number from 1. */
  push(line: string, number: number): void
  flush(): void
}

/** @param emit called with each report once it is over */
export function createLogReader(emit: (report: OomReport) => void): LogReader {
  const assembler = createAssembler(emit)
  const unwrapper = createUnwrapper((record, line) => assembler.push(record, line))
  return {
    push(line, number) {
      for (const record of stripTransport(line, number)) unwrapper.push(record)
    },
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
