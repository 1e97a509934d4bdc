/** @module Reads a trace file row by row, plain or gzip, in bounded memory whatever its length. */
import { createReadStream, promises } from 'node:fs'
import { createGunzip } from 'node:zlib'
import { messageOf, PlimsollError } from '../../base/errors.ts'
import type { TraceRow } from '../../core/leak/records.ts'
import {
  endTraceText,
  feedTraceText,
  openTraceParser,
  type TraceIssue,
} from '../../core/leak/trace-csv.ts'

const CHUNK_BYTES = 64 * 1024

/** Told by its first bytes (RFC 1952), since a name may say anything. */
async function isGzip(path: string): Promise<boolean> {
  await using file = await promises.open(path, 'r')
  const magic = Buffer.alloc(2)
  await file.read(magic, 0, 2, 0)
  return magic[0] === 0x1f && magic[1] === 0x8b
}

async function* readText(path: string): AsyncGenerator<string> {
  // A pipe or device would be waited for without end.
  if (!(await promises.stat(path)).isFile()) throw new Error('not a regular file')
  const isPacked = await isGzip(path)
  const raw = createReadStream(path, { highWaterMark: CHUNK_BYTES })
  try {
    if (!isPacked) {
      yield* raw.setEncoding('utf8') as AsyncIterable<string>
      return
    }
    const unpacked = createGunzip({ chunkSize: CHUNK_BYTES })
    raw.on('error', (error) => unpacked.destroy(error))
    yield* raw.pipe(unpacked).setEncoding('utf8') as AsyncIterable<string>
  } finally {
    raw.destroy()
  }
}

function issueError(path: string, issue: TraceIssue): PlimsollError {
  return new PlimsollError('PLM_TRACE', `${path}:${issue.line}:${issue.column}: ${issue.what}`)
}

function unreadable(path: string, error: unknown): PlimsollError {
  const why = messageOf(error)
  return new PlimsollError('PLM_TRACE', `cannot read ${path}: ${why}`, { cause: error })
}

/**
 * Calls `onRow` for each row of a trace file, with the same object each time.
 * Fails with PLM_TRACE, which names file, line and column.
 */
export async function readTraceRows(path: string, onRow: (row: TraceRow) => void): Promise<void> {
  const parser = openTraceParser(onRow)
  try {
    for await (const text of readText(path)) {
      const issue = feedTraceText(parser, text)
      if (issue !== null) throw issueError(path, issue)
    }
  } catch (error) {
    throw error instanceof PlimsollError ? error : unreadable(path, error)
  }
  const issue = endTraceText(parser)
  if (issue !== null) throw issueError(path, issue)
}
