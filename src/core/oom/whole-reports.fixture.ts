/** @module Whole real reports as plain records, with their facts: what is done to them must not change these. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { explainReport } from './explain.ts'
import { readReports } from './read.ts'
import type { OomReport } from './records.ts'
import { stripTransport } from './transport.ts'
import type { PlainRecord } from './transports.fixture.ts'
import { createUnwrapper } from './unwrap.ts'

/** The lab's own logs of three kernels, and real ones of many more where they are beside the project. */
const DIRECTORIES = [
  join(import.meta.dirname, '../../../lab/scenarios/logs'),
  join(import.meta.dirname, '../../../../shared/oomlogs'),
].filter(existsSync)

/** What must be the same whatever brought the report. */
export function factsOf(report: OomReport): Readonly<Record<string, unknown>> {
  const { verdict, balance, topRss, kind } = explainReport(report)
  return {
    trigger: report.trigger,
    order: report.order,
    gfpMask: report.gfpMask,
    killed: report.killed.map(({ line: _line, ...killed }) => killed),
    constraint: report.constraint,
    memcg: report.taskMemcg,
    oomMemcg: report.oomMemcg,
    kind,
    topRss: topRss === null ? null : [topRss.comm, topRss.pid, topRss.rss],
    tasks: report.tasks.length,
    counters: report.counters,
    usage: report.memcgUsage,
    balance: balance?.pages,
    verdict: [verdict.verdict, verdict.cause, verdict.isInnocent],
  }
}

/** The records of a log as they were printed: without transport, each with a time of its own. */
function plainRecords(text: string): readonly PlainRecord[] {
  const records: PlainRecord[] = []
  const unwrapper = createUnwrapper(({ text: record }) => {
    if (record.trim() !== '')
      records.push({ text: record, uptimeSec: 1000 + records.length / 1000 })
  })
  text.split('\n').forEach((line, index) => {
    for (const record of stripTransport(line, index + 1)) unwrapper.push(record)
  })
  unwrapper.flush()
  return records
}

export interface Whole {
  readonly file: string
  readonly records: readonly PlainRecord[]
  readonly facts: Readonly<Record<string, unknown>>
}

/** Logs of one whole report: what is damaged already says nothing of more damage. */
function wholeReports(): readonly Whole[] {
  return DIRECTORIES.flatMap((directory) =>
    readdirSync(directory)
      .filter((name) => name.endsWith('.log'))
      .flatMap((file) => {
        const records = plainRecords(readFileSync(join(directory, file), 'utf8'))
        const reports = readReports(records.map(({ text }) => text).join('\n'))
        const [report] = reports
        if (report === undefined || reports.length > 1 || report.isTruncated) return []
        return [{ file, records, facts: factsOf(report) }]
      }),
  )
}

export const WHOLE = wholeReports()
