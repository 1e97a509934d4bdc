/** @module Plain names for kinds of leaks, for whoever learns about them. Data, no more. */
import { findProgram } from './catalogue.ts'
import type { LeakProgram } from './program.ts'

export interface LeakKind {
  readonly kind: string
  /** Of the catalogue; its subject is one process. */
  readonly program: LeakProgram
  /** What it does, as the end of a sentence that begins with its name. */
  readonly does: string
  /** How long it lives where it ends by itself, own seconds; `null`: until its bound. */
  readonly lifeSec: number | null
  /** How much of its own time valgrind is to see, so that there is something to see. */
  readonly valgrindSec: number
}

type Row = readonly [
  kind: string,
  program: string,
  does: string,
  times?: Partial<Pick<LeakKind, 'lifeSec' | 'valgrindSec'>>,
]

const ROWS: readonly Row[] = [
  ['short-lived', 'short-lived', 'loses 9 MiB a second, and ends after one', { lifeSec: 1 }],
  ['long-lived', 'leak-steady', 'loses 9 MiB a second, and lives on'],
  ['slow', 'leak-slow', 'maps a few more pages for each event'],
  ['stepwise', 'leak-steps', 'keeps every batch: 24 MiB each 4 s', { valgrindSec: 5 }],
  ['cached', 'cache-fill', 'fills a cache to 180 MiB and keeps it'],
  ['late', 'leak-late', 'is flat for 40 s, and then leaks', { valgrindSec: 41 }],
  ['behind-load', 'leak-under-load', 'leaks below buffers that swing'],
  ['threads', 'leak-threads', 'starts threads that never end'],
  ['shared-memory', 'leak-shared', 'keeps each shared frame: no malloc'],
  ['fds', 'leak-fds', 'never closes what it opened'],
  ['c++', 'cpp-leak-objects', 'keeps dead objects in its vector'],
  ['python', 'python-leak-list', 'appends to a list for ever'],
  ['node', 'node-leak-map', 'puts sessions into a Map for ever'],
  ['java', 'java-leak-map', 'puts sessions into a HashMap for ever'],
]

export const LEAK_KINDS: readonly LeakKind[] = ROWS.flatMap(([kind, name, does, times]) => {
  const program = findProgram(name)
  if (program === undefined) return []
  return [{ kind, program, does, lifeSec: null, valgrindSec: 1, ...times }]
})
