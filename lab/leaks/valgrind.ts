/** @module Runs a program of the catalogue under valgrind, for some of its own time. */
import { spawn } from 'node:child_process'
import { PlimsollError } from '../../src/base/errors.ts'
import { buildProgram, explainMissing, explainMissingTool } from './build.ts'
import type { LeakProgram } from './program.ts'
import { explainEnd, type LeakEnd } from './start.ts'
import { type HeapAtExit, parseValgrindXml } from './valgrind-report.ts'

export interface ValgrindOptions {
  /** The program ends after so much of its own time: LEAK_SECONDS of programs/leak.h. */
  readonly seconds: number
  readonly pace: number
  /** Ends it sooner. */
  readonly signal: AbortSignal
}

/** It slows a program down some 20 times, and starts within seconds on any machine. */
const WITHIN_MS = 60_000
/** A report has some KiB for each place that loses memory. */
const MAX_REPORT_CHARS = 4 << 20

const TOOL = { program: 'valgrind', debianPackage: 'valgrind' }

/** It knows malloc and free, and so what was compiled for them. */
export function isForValgrind({ language }: LeakProgram): boolean {
  return language === 'c' || language === 'c++'
}

/** Why no program can be run under valgrind here; `undefined` where it can. */
export function explainMissingValgrind(path?: string): string | undefined {
  return explainMissing([TOOL], path) ?? explainMissingTool('c', path)
}

/**
 * The heap as the program left it; `undefined` where `signal` ended it.
 * @throws PLM_LAB where valgrind does not run, or its report is not whole
 */
export async function runUnderValgrind(
  program: LeakProgram,
  { seconds, pace, signal }: ValgrindOptions,
): Promise<HeapAtExit | undefined> {
  const args = [
    '--pdeathsig=KILL',
    'prlimit',
    '--core=0',
    'valgrind',
    '--leak-check=full',
    '--show-leak-kinds=all',
    '--xml=yes',
    '--xml-fd=3',
    ...buildProgram(program, program.boundBytes),
  ]
  const child = spawn('setpriv', args, {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      // Another's habits are not the lesson's.
      VALGRIND_OPTS: '',
      LEAK_PACE: String(pace),
      LEAK_SECONDS: String(seconds),
    },
    signal,
    timeout: WITHIN_MS,
    killSignal: 'SIGKILL',
  })
  let report = ''
  let lastWords = ''
  const [, , stderr, xml] = child.stdio
  stderr?.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-500)
  })
  if (xml && 'setEncoding' in xml) {
    xml.setEncoding('utf8').on('data', (text: string) => {
      if (report.length < MAX_REPORT_CHARS) report += text
    })
  }
  const end = await new Promise<LeakEnd>((resolve, reject) => {
    child.once('error', (error) => {
      if (!signal.aborted) reject(error)
    })
    child.once('close', (exitCode, ended) => resolve({ exitCode, signal: ended }))
  })
  if (signal.aborted) return undefined
  const heap = parseValgrindXml(report)
  if (heap !== undefined) return heap
  throw new PlimsollError(
    'PLM_LAB',
    `valgrind ended ${explainEnd(end)} without a whole report: ${lastWords.trim() || 'it said nothing'}`,
  )
}
