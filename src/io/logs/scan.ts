/**
 * @module Finds where a log may speak of an OOM, at the speed of memory: one pass over the bytes that looks
 * for three phrases and counts line ends. `Buffer.indexOf` needs a pass for each phrase and another for the
 * line ends, each as long as this one.
 *
 * Every report that begins or ends has one of the phrases: `oom-kill` (first line, and the summary since 5.0),
 * `Killed p` (the kill), `killable` (nobody left to kill). They share two letters, for which all else is seldom.
 */
import { SCAN_CODE } from './scan-code.ts'

/** Bytes that must be readable beyond the end of what is searched, and before its begin. */
export const SCAN_MARGIN = 64
/** The place that is told is that of a block of so many bytes; the phrase begins at most 4 bytes before. */
export const SCAN_BLOCK = 32

export interface Scanner {
  /** What is searched has to lie in here. */
  readonly memory: Buffer
  /** @returns where in [at, end) a block with a phrase begins; `end` or some bytes more where there is none */
  find(at: number, end: number): number
  /** Line ends before what `find` returned, since this was called last. */
  takeLines(): number
}

interface ScanExports {
  readonly memory: WebAssembly.Memory
  readonly lines: WebAssembly.Global<'i32'>
  readonly find: (at: number, end: number) => number
}

export function createScanner(): Scanner {
  const module = new WebAssembly.Module(Buffer.from(SCAN_CODE, 'base64'))
  // The types of an instance's exports are those of report-scan.wat, which no checker reads.
  const { memory, lines, find } = new WebAssembly.Instance(module).exports as unknown as ScanExports
  return {
    memory: Buffer.from(memory.buffer),
    find,
    takeLines() {
      const count = lines.value
      lines.value = 0
      return count
    },
  }
}
