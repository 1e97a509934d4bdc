/** @module What a lesson on a leak comes to: whether it did harm, and what valgrind says beside. Pure. */
import type { HeapAtExit } from '../../../../../lab/leaks/valgrind-report.ts'
import { EXIT, type ExitCode } from '../../../../base/errors.ts'
import { explainReason } from '../../../../core/leak/explain.ts'
import type { Lesson } from './lesson.ts'

export interface Conclusion {
  readonly verdict: 'harmless' | 'harmful' | 'undecided'
  /** A clause that follows a colon. */
  readonly why: string
}

type Judged = Pick<Lesson, 'row' | 'ending'>

/** `null` while the program runs. */
export function conclude({ row, ending }: Judged): Conclusion | null {
  if (ending === null) return null
  const state = row?.verdict.state ?? 'unknown'
  const why = explainReason(row?.verdict.reason ?? 'too-early', row?.limit ?? null)
  if (state === 'confirmed') {
    return { verdict: 'harmful', why: `it leaks for as long as it lives; ${why}` }
  }
  if (ending.how === 'itself' && ending.exitCode === 0) {
    return { verdict: 'harmless', why: 'it ended by itself, and the kernel took back all it held' }
  }
  if (state === 'harmless' || state === 'steady') return { verdict: 'harmless', why }
  if (ending.how !== 'itself') return { verdict: 'undecided', why }
  return { verdict: 'undecided', why: `it ended at its bound before that was clear; ${why}` }
}

export function exitCodeOf({ verdict }: Conclusion): ExitCode {
  return { harmless: EXIT.ok, harmful: EXIT.finding, undecided: EXIT.incomplete }[verdict]
}

/** Bytes that nobody can free any more. */
export function lostBytes({ definitelyLost, indirectlyLost }: HeapAtExit): number {
  return definitelyLost.bytes + indirectlyLost.bytes
}

/** What is to be learned, a sentence or two each. */
export function explainLesson(lesson: Lesson, { verdict }: Conclusion): readonly string[] {
  const { kind, valgrind, ending, truth } = lesson
  const said: string[] = []
  if (valgrind?.ran) {
    const isLost = lostBytes(valgrind.heap) > 0
    if (isLost && verdict === 'harmless' && ending?.how === 'itself') {
      said.push(
        'valgrind says the same of long-lived, which loses as much a second. What it cannot see is how long a program lives: this one ends soon, and the kernel takes back whatever it held.',
      )
    }
    if (isLost && verdict === 'harmful') {
      said.push(
        'valgrind says no worse of short-lived, which harms nobody: it ends after a second. This one lives on, and takes more until something gives.',
      )
    }
    if (!isLost && verdict === 'harmful') {
      said.push(
        'valgrind finds nothing that is surely lost: it knows what malloc gave, and calls lost what nobody points to. What is still pointed to, or came from elsewhere, fills the memory all the same.',
      )
    }
    if (!isLost && verdict === 'harmless') said.push('Both agree: nothing is lost.')
  }
  if (truth.kind === 'fds') {
    said.push(
      'That is of memory alone: descriptors leak here, and run out as well, but are not judged.',
    )
  }
  const isCutShort = ending?.how !== 'itself'
  if (isCutShort && truth.onsetSec !== null && lesson.elapsedSec < truth.onsetSec) {
    said.push(`Its leak begins after ${Math.round(truth.onsetSec)} s: let it run for longer.`)
  } else if (isCutShort && verdict === 'undecided') {
    said.push('A cache that fills and a leak look the same at first: let it run for longer.')
  }
  if (kind.lifeSec !== null && valgrind?.ran !== true && verdict === 'harmless') {
    said.push(
      'It freed nothing itself. That does harm only where a program lives on, as long-lived does.',
    )
  }
  return said
}
