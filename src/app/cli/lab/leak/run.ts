/** @module Runs a lesson on a leak: valgrind's look where that is wanted, then the program itself. */
import type { LeakKind } from '../../../../../lab/leaks/kinds.ts'
import { startLeak } from '../../../../../lab/leaks/start.ts'
import {
  explainMissingValgrind,
  isForValgrind,
  runUnderValgrind,
} from '../../../../../lab/leaks/valgrind.ts'
import type { ExitCode } from '../../../../base/errors.ts'
import { EXIT, PlimsollError } from '../../../../base/errors.ts'
import { MIB, SECOND_MS } from '../../../../base/units.ts'
import { abortAtSignal } from '../abort-at-signal.ts'
import { conclude, exitCodeOf } from './conclude.ts'
import { followLeak } from './follow.ts'
import { type Lesson, rssOf, type ValgrindPart } from './lesson.ts'
import type { Teller } from './tell.ts'

export interface LeakFlags {
  readonly json?: true
  readonly pace?: number
  readonly bound?: number
  readonly for?: number
  /** `undefined`: where it teaches most, and valgrind is there. */
  readonly valgrind?: boolean
}

const FOR_MS = 300_000
/** A lesson must not be what takes the last of a small machine's memory. */
const MAX_SHARE_OF_AVAILABLE = 0.5
const LEAST_BOUND_BYTES = 64 * MIB
/** Of everybody's time; what begins late is made to begin sooner. */
const VALGRIND_SEC = 2

function chooseBound({ program }: LeakKind): number {
  const available = Math.floor(process.availableMemory() * MAX_SHARE_OF_AVAILABLE)
  return Math.min(program.boundBytes, Math.max(LEAST_BOUND_BYTES, available))
}

/**
 * `undefined` where it was told to end.
 * @throws PLM_USAGE: valgrind was asked for and cannot know this program's memory
 */
async function askValgrind(
  kind: LeakKind,
  wanted: boolean,
  teller: Teller,
  signal: AbortSignal,
): Promise<ValgrindPart | undefined> {
  if (!isForValgrind(kind.program)) {
    const message = `--valgrind expects a kind in C or C++, got ${kind.kind}`
    throw new PlimsollError('PLM_USAGE', message)
  }
  const missing = explainMissingValgrind()
  if (missing !== undefined) {
    const why = wanted ? missing : `${missing}; it would show what it says of this program`
    return { ran: false, why }
  }
  teller.waitForValgrind()
  const ownSec = kind.valgrindSec
  const pace = Math.max(1, ownSec / VALGRIND_SEC)
  const heap = await runUnderValgrind(kind.program, { seconds: ownSec, pace, signal })
  return heap === undefined ? undefined : { ran: true, ownSec, heap }
}

/** @throws PLM_LAB where the program cannot be built or started; PLM_PROC where nothing can be seen */
export async function runLesson(
  kind: LeakKind,
  flags: LeakFlags,
  teller: Teller,
): Promise<ExitCode> {
  const { signal, forget } = abortAtSignal()
  try {
    teller.begins(kind)
    let valgrind: ValgrindPart | null = null
    if (flags.valgrind ?? kind.lifeSec !== null) {
      const part = await askValgrind(kind, flags.valgrind === true, teller, signal)
      if (part === undefined) return EXIT.incomplete
      teller.valgrind(part)
      valgrind = part
    }
    const pace = flags.pace ?? 1
    const forMs = flags.for ?? FOR_MS
    const leak = await startLeak(kind.program.name, {
      pace,
      boundBytes: flags.bound ?? chooseBound(kind),
    })
    const startedMs = performance.now()
    let lesson: Lesson = {
      kind,
      pid: leak.pid,
      truth: leak.truth,
      pace,
      boundBytes: leak.boundBytes,
      forSec: forMs / SECOND_MS,
      valgrind,
      elapsedSec: 0,
      row: null,
      peakRssBytes: 0,
      ending: null,
    }
    const elapsedSec = (): number => (performance.now() - startedMs) / SECOND_MS
    teller.started(lesson)
    const ending = await followLeak(leak, {
      forMs,
      signal,
      onRow: (row) => {
        const peakRssBytes = Math.max(lesson.peakRssBytes, rssOf(row))
        lesson = { ...lesson, row, peakRssBytes, elapsedSec: elapsedSec() }
        teller.sampled(lesson)
      },
    })
    lesson = { ...lesson, ending, elapsedSec: elapsedSec() }
    teller.ended(lesson)
    const conclusion = conclude(lesson)
    return conclusion === null ? EXIT.incomplete : exitCodeOf(conclusion)
  } finally {
    forget()
  }
}
