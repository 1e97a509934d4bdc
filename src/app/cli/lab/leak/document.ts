/** @module The documents of `plimsoll lab leak --json`. Fields are kept from version to version. */
import { explainMissingTool } from '../../../../../lab/leaks/build.ts'
import type { LeakKind } from '../../../../../lab/leaks/kinds.ts'
import { explainVerdict } from '../../../../core/leak/explain.ts'
import { conclude } from './conclude.ts'
import type { Lesson, ValgrindPart } from './lesson.ts'
import { nextCommandOf, rssOf } from './lesson.ts'

function describeKind({ kind, program, does }: LeakKind) {
  return { kind, program: program.name, language: program.language, does }
}

/** Every kind, with what keeps it from running here. */
export function makeListDocument(kinds: readonly LeakKind[]) {
  return {
    schema: 'plimsoll.lab-leak-kinds/1',
    kinds: kinds.map((kind) => ({
      ...describeKind(kind),
      truth: kind.program.truth,
      boundBytes: kind.program.boundBytes,
      missing: explainMissingTool(kind.program.language) ?? null,
    })),
  } as const
}

function describeValgrind(part: ValgrindPart | null) {
  if (part === null || !part.ran) return part
  const { definitelyLost, indirectlyLost, possiblyLost, stillReachable } = part.heap
  return {
    ran: part.ran,
    ownSec: part.ownSec,
    definitelyLostBytes: definitelyLost.bytes,
    definitelyLostBlocks: definitelyLost.blocks,
    indirectlyLostBytes: indirectlyLost.bytes,
    indirectlyLostBlocks: indirectlyLost.blocks,
    possiblyLostBytes: possiblyLost.bytes,
    possiblyLostBlocks: possiblyLost.blocks,
    stillReachableBytes: stillReachable.bytes,
    stillReachableBlocks: stillReachable.blocks,
  }
}

/** As of one moment of the lesson; the last one has an ending and a conclusion. */
export function makeLessonDocument(lesson: Lesson) {
  const { kind, row } = lesson
  return {
    schema: 'plimsoll.lab-leak/1',
    ...describeKind(kind),
    pid: lesson.pid,
    pace: lesson.pace,
    truth: lesson.truth,
    boundBytes: lesson.boundBytes,
    forSec: lesson.forSec,
    next: nextCommandOf(lesson),
    valgrind: describeValgrind(lesson.valgrind),
    elapsedSec: Math.round(lesson.elapsedSec * 1000) / 1000,
    rssBytes: row === null ? null : rssOf(row),
    peakRssBytes: lesson.peakRssBytes,
    threads: row?.threads ?? null,
    fds: row?.fds ?? null,
    limit: row?.limit ?? null,
    verdict: row?.verdict ?? null,
    sentence: row === null ? null : explainVerdict(row.verdict, row),
    ending: lesson.ending,
    conclusion: conclude(lesson),
  } as const
}

export type LessonDocument = ReturnType<typeof makeLessonDocument>
