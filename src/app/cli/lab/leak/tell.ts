/** @module Tells a lesson while it goes on: in lines, the last of them rewritten, or in documents. */

import type { LeakKind } from '../../../../../lab/leaks/kinds.ts'
import { encodeJsonLine } from '../../../../base/escape.ts'
import type { LeakState } from '../../../../core/leak/records.ts'
import type { Line, Look } from '../../watch/look.ts'
import { fitLine, paintLine } from '../../watch/look.ts'
import type { Trails } from '../../watch/trails.ts'
import { extendTrails } from '../../watch/trails.ts'
import { conclude } from './conclude.ts'
import { makeLessonDocument } from './document.ts'
import type { Lesson, ValgrindPart } from './lesson.ts'
import {
  conclusionLines,
  headLines,
  introLines,
  liveLine,
  valgrindLines,
  verdictLines,
} from './text.ts'

export interface Teller {
  readonly begins: (kind: LeakKind) => void
  /** Valgrind has a look first, which takes some seconds. */
  readonly waitForValgrind: () => void
  readonly valgrind: (part: ValgrindPart) => void
  readonly started: (lesson: Lesson) => void
  /** At each sample. */
  readonly sampled: (lesson: Lesson) => void
  readonly ended: (lesson: Lesson) => void
}

/** Without a terminal a line so often says that it goes on. */
const PLAIN_EVERY_SEC = 5

export function createTextTeller(output: NodeJS.WriteStream, look: Look): Teller {
  const isTty = output.isTTY === true && look.hasAttributes
  const trails: Trails = new Map()
  let told: LeakState = 'unknown'
  let toldSec = 0
  let isLive = false
  let isApart = false
  const width = (): number => output.columns || 80

  function clear(): void {
    if (isLive) output.write('\r\u001b[K')
    isLive = false
  }

  function say(lines: readonly Line[]): void {
    clear()
    for (const line of lines) output.write(`${paintLine(fitLine(line, width(), look), look)}\n`)
  }

  function sayLive(line: Line): void {
    clear()
    // In the last column some terminals wrap.
    output.write(paintLine(fitLine(line, width() - 1, look), look))
    isLive = true
  }

  return {
    begins: (kind) => say(headLines(kind)),
    waitForValgrind() {
      if (isTty) sayLive([{ text: '  valgrind runs it first ...' }])
    },
    valgrind: (part) => say(valgrindLines(part, width())),
    started: (lesson) => say(introLines(lesson, width())),
    sampled(lesson) {
      const { row, elapsedSec } = lesson
      if (row === null) return
      extendTrails(trails, [row])
      if (!isApart) say([[]])
      isApart = true
      if (row.verdict.state !== told) {
        told = row.verdict.state
        say(verdictLines(row, elapsedSec, look, width()))
      }
      const line = liveLine(lesson, row, trails.get(row.id), look)
      if (isTty) sayLive(line)
      else if (elapsedSec - toldSec >= PLAIN_EVERY_SEC) {
        toldSec = elapsedSec
        say([line])
      }
    },
    ended(lesson) {
      const { row } = lesson
      if (row !== null) say([liveLine(lesson, row, trails.get(row.id), look)])
      const conclusion = conclude(lesson)
      if (conclusion !== null) say(conclusionLines(lesson, conclusion, width()))
    },
  }
}

/** A document when it starts, at each change of the verdict, and at its end. */
export function createJsonTeller(output: NodeJS.WriteStream): Teller {
  let told: LeakState = 'unknown'
  const print = (lesson: Lesson): void => {
    output.write(`${encodeJsonLine(makeLessonDocument(lesson))}\n`)
  }
  return {
    begins: () => {},
    waitForValgrind: () => {},
    valgrind: () => {},
    started: print,
    sampled(lesson) {
      const state = lesson.row?.verdict.state ?? told
      if (state === told) return
      told = state
      print(lesson)
    },
    ended: print,
  }
}
