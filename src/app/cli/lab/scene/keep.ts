/** @module Leaves a run in a directory: console, kernel log and events as they came, and the document. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GuestRun } from '../../../../../lab/machine/run.ts'
import { messageOf, PlimsollError } from '../../../../base/errors.ts'
import { encodeJsonLine, escapeForTerminal } from '../../../../base/escape.ts'

/**
 * Makes the directory, before anything is started.
 * @throws PLM_USAGE where it cannot be made, or has something in it
 */
export function prepareKeep(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true })
  } catch (error) {
    throw new PlimsollError('PLM_USAGE', `--keep could not make ${directory}: ${messageOf(error)}`)
  }
  if (readdirSync(directory).length === 0) return
  throw new PlimsollError('PLM_USAGE', `--keep expects a new or empty directory, got ${directory}`)
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${escapeForTerminal(line)}\n`).join('')
}

/** Into `directory`: console.txt with the seconds since the machine was switched on, kernel.log, events.jsonl. */
export function keepRun(directory: string, run: GuestRun): void {
  mkdirSync(directory, { recursive: true })
  for (const [index, lines] of run.consoles.entries()) {
    const name = index === 0 ? 'console.txt' : `console${index + 1}.txt`
    const text = textOf(lines.map(({ atMs, text }) => `${(atMs / 1000).toFixed(3)} ${text}`))
    writeFileSync(join(directory, name), text)
  }
  writeFileSync(join(directory, 'kernel.log'), textOf(run.kernelLog))
  const events = run.events.map((event) => `${encodeJsonLine(event)}\n`).join('')
  writeFileSync(join(directory, 'events.jsonl'), events)
}

export function keepDocument(directory: string, document: unknown): void {
  writeFileSync(join(directory, 'run.json'), `${encodeJsonLine(document)}\n`)
}
