/** @module Reads logs and says what their OOM reports mean, one document or page a file. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { EXIT, type ExitCode, messageOf, PlimsollError } from '../../../base/errors.ts'
import { encodeJsonLine, escapeForTerminal } from '../../../base/escape.ts'
import type { ExplainDocument } from '../../../core/oom/document.ts'
import { reportDocument } from '../../../core/oom/document.ts'
import type { Explanation } from '../../../core/oom/explain.ts'
import { explainReport } from '../../../core/oom/explain.ts'
import { createLogReader } from '../../../core/oom/read.ts'
import { streamText, withLog } from '../../../io/logs/decode.ts'
import { readRegions } from '../../../io/logs/regions.ts'
import type { ByteSource } from '../../../io/logs/source.ts'
import { renderReport } from './page.ts'

export interface ExplainOptions {
  readonly json?: boolean
}

/** Of one log: a storm prints a report each few seconds for hours. */
const MAX_REPORTS = 100_000

/** A directory is its files, in the order of their names. */
function filesOf(path: string): readonly string[] {
  if (path === '-') return [path]
  let isDirectory: boolean
  try {
    isDirectory = statSync(path).isDirectory()
  } catch (error) {
    throw new PlimsollError('PLM_LOG', `${path} cannot be read: ${messageOf(error)}`)
  }
  if (!isDirectory) return [path]
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(path, entry.name))
    .sort()
}

async function explainLog(source: ByteSource): Promise<readonly Explanation[]> {
  const found: Explanation[] = []
  const reader = createLogReader((report) => {
    if (found.length < MAX_REPORTS) found.push(explainReport(report))
  })
  await readRegions(source, reader)
  reader.flush()
  return found.sort((a, b) => a.report.firstLine - b.report.firstLine)
}

function documentOf(file: string, found: readonly Explanation[]): ExplainDocument {
  return { schema: 'plimsoll.explain/1', file, reports: found.map(reportDocument) }
}

function pageOf(file: string, found: readonly Explanation[], isOnly: boolean): string {
  const head = isOnly ? [] : [`== ${escapeForTerminal(file)}`, '']
  if (found.length === 0) return [...head, 'No OOM in this log.', ''].join('\n')
  const pages = found.map((explanation) => renderReport(explanation).join('\n'))
  return `${[...head, pages.join('\n\n')].join('\n')}\n`
}

/** @returns finding where there was an OOM, incomplete where a file could not be read */
export async function explainFiles(
  paths: readonly string[],
  options: ExplainOptions,
): Promise<ExitCode> {
  const files = paths.flatMap(filesOf)
  let exit: ExitCode = EXIT.ok
  for (const file of files) {
    let found: readonly Explanation[]
    try {
      found = await (file === '-'
        ? explainLog(streamText(process.stdin, 'standard input'))
        : withLog(file, explainLog))
    } catch (error) {
      if (files.length === 1) throw error
      process.stderr.write(`plimsoll: ${escapeForTerminal(messageOf(error))}\n`)
      exit = EXIT.incomplete
      continue
    }
    const text = options.json
      ? `${encodeJsonLine(documentOf(file, found))}\n`
      : pageOf(file, found, files.length === 1)
    process.stdout.write(text)
    if (found.length > 0 && exit === EXIT.ok) exit = EXIT.finding
  }
  return exit
}
