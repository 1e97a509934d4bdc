/** @module What others import as `plimsoll/oom`: logs in, explanations out. docs/explain.md has an example. */
import type { Readable } from 'node:stream'
import type { Explanation } from '../../core/oom/explain.ts'
import { explainReport } from '../../core/oom/explain.ts'
import { createLogReader, readReports } from '../../core/oom/read.ts'
import { streamText, withLog } from './decode.ts'
import { readRegions } from './regions.ts'
import type { ByteSource } from './source.ts'

export type { ReportDocument } from '../../core/oom/document.ts'
export { reportDocument } from '../../core/oom/document.ts'
export type { Explanation } from '../../core/oom/explain.ts'
export { explainReport } from '../../core/oom/explain.ts'
export type { LogReader } from '../../core/oom/read.ts'
export { createLogReader, readReports } from '../../core/oom/read.ts'
export type { KilledProcess, OomKind, OomReport, TaskRow } from '../../core/oom/records.ts'
export type { LiveReader } from '../../core/oom/silence.ts'
export { tellWhenSilent } from '../../core/oom/silence.ts'
export type { Story, Tally } from '../../core/oom/story.ts'
export { beginStory, continueStory, mostOf, spanOf } from '../../core/oom/story.ts'
export type { Cause, Verdict, VerdictClass } from '../../core/oom/verdict.ts'

/** Every report of a log that is in memory, in the order of the log. */
export function explainText(text: string): readonly Explanation[] {
  return readReports(text).map(explainReport)
}

async function explainSource(
  source: ByteSource,
  onReport: (explanation: Explanation) => void,
): Promise<void> {
  const reader = createLogReader((report) => onReport(explainReport(report)))
  try {
    await readRegions(source, reader)
  } finally {
    reader.flush()
  }
}

/**
 * Reads a log of any size, plain or as gzip, xz or zstd.
 * @param onReport called with each report once it is over
 * @throws an error with code PLM_LOG where it cannot be read; what came before has been told
 */
export async function explainFile(
  path: string,
  onReport: (explanation: Explanation) => void,
): Promise<void> {
  await withLog(path, (source) => explainSource(source, onReport))
}

/** As {@link explainFile}; `name` stands in what it throws. */
export async function explainStream(
  stream: Readable,
  name: string,
  onReport: (explanation: Explanation) => void,
): Promise<void> {
  await explainSource(streamText(stream, name), onReport)
}
