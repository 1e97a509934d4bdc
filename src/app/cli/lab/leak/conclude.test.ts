import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LEAK_KINDS } from '../../../../../lab/leaks/kinds.ts'
import type { HeapAtExit } from '../../../../../lab/leaks/valgrind-report.ts'
import type { LeakReason, LeakState } from '../../../../core/leak/records.ts'
import { rowFixture } from '../../../../core/wire/rows.fixture.ts'
import { conclude, exitCodeOf, explainLesson } from './conclude.ts'
import type { Ending, Lesson } from './lesson.ts'

const WELL: Ending = { how: 'itself', exitCode: 0, signal: null }
const AT_BOUND: Ending = { how: 'itself', exitCode: 12, signal: null }
const ASKED: Ending = { how: 'asked', exitCode: null, signal: 'SIGINT' }
const TIME_OVER: Ending = { how: 'time-over', exitCode: null, signal: 'SIGKILL' }

function heap(definite: number, indirect = 0): HeapAtExit {
  const none = { bytes: 0, blocks: 0 }
  return {
    definitelyLost: { bytes: definite, blocks: 1 },
    indirectlyLost: { bytes: indirect, blocks: 1 },
    possiblyLost: none,
    stillReachable: none,
  }
}

function lesson(name: string, changed: Partial<Lesson>): Lesson {
  const kind = LEAK_KINDS.find((candidate) => candidate.kind === name)!
  return {
    kind,
    pid: 4121,
    truth: kind.program.truth,
    pace: 1,
    boundBytes: 2 ** 30,
    forSec: 300,
    valgrind: null,
    elapsedSec: 20,
    row: null,
    peakRssBytes: 0,
    ending: null,
    ...changed,
  }
}

function rowOf(state: LeakState, reason: LeakReason): Lesson['row'] {
  const row = rowFixture('process:4121:1', { pid: 4121 })
  return { ...row, verdict: { ...row.verdict, state, reason } }
}

const LEAKS = rowOf('confirmed', 'rises-steadily')
const GROWS = rowOf('growing', 'young-growth')

const VERDICTS: readonly (readonly [
  what: string,
  row: Lesson['row'],
  ending: Ending,
  verdict: string,
  why: RegExp,
  exitCode: number,
])[] = [
  ['a leak that was ended', LEAKS, ASKED, 'harmful', /for as long as it lives; it rises/, 10],
  ['a leak that met its bound', LEAKS, AT_BOUND, 'harmful', /as long as it lives/, 10],
  ['what ended before it was seen', null, WELL, 'harmless', /the kernel took back/, 0],
  ['what grew and ended', GROWS, WELL, 'harmless', /the kernel took back/, 0],
  ['a cache', rowOf('harmless', 'plateau'), TIME_OVER, 'harmless', /held its level/, 0],
  ['what is flat', rowOf('steady', 'flat'), ASKED, 'harmless', /does not rise/, 0],
  ['growth that was cut short', GROWS, TIME_OVER, 'undecided', /too little of/, 11],
  ['growth that met its bound', GROWS, AT_BOUND, 'undecided', /ended at its bound before/, 11],
  ['a suspect', rowOf('suspected', 'fills-fast'), ASKED, 'undecided', /within minutes/, 11],
  ['nothing seen', null, ASKED, 'undecided', /too few samples/, 11],
]
for (const [what, row, ending, verdict, why, exitCode] of VERDICTS) {
  test(`the conclusion on ${what} is ${verdict}`, () => {
    const conclusion = conclude({ row, ending })!
    assert.equal(conclusion.verdict, verdict)
    assert.match(conclusion.why, why)
    assert.equal(exitCodeOf(conclusion), exitCode)
  })
}

test('there is no conclusion while the program runs', () => {
  assert.equal(conclude({ row: LEAKS, ending: null }), null)
})

const ran = (at: HeapAtExit): Lesson['valgrind'] => ({ ran: true, ownSec: 1, heap: at })
const missing: Lesson['valgrind'] = { ran: false, why: 'valgrind is not on PATH' }
const FLAT = rowOf('steady', 'flat')

const LESSONS: readonly (readonly [kind: string, seen: Partial<Lesson>, taught: RegExp])[] = [
  [
    'short-lived',
    { ending: WELL, valgrind: ran(heap(9)) },
    /^valgrind says the same of long-lived/,
  ],
  ['short-lived', { ending: WELL, valgrind: missing }, /^It freed nothing itself/],
  ['long-lived', { ending: ASKED, row: LEAKS, valgrind: ran(heap(9)) }, /no worse of short-lived/],
  ['long-lived', { ending: ASKED, row: LEAKS, valgrind: ran(heap(0, 9)) }, /no worse of short-/],
  ['c++', { ending: AT_BOUND, row: LEAKS, valgrind: ran(heap(0)) }, /still pointed to/],
  ['cached', { ending: ASKED, row: FLAT, valgrind: ran(heap(0)) }, /^Both agree/],
  ['fds', { ending: AT_BOUND, row: FLAT }, /descriptors leak here/],
  ['late', { ending: ASKED, row: FLAT, valgrind: ran(heap(9)) }, /^Its leak begins after 40 s/],
  ['long-lived', { ending: ASKED, row: GROWS }, /let it run for longer/],
  ['long-lived', { ending: ASKED, row: LEAKS }, /^$/],
]
for (const [kind, seen, taught] of LESSONS) {
  test(`${kind} teaches ${taught}`, () => {
    const whole = lesson(kind, seen)
    assert.match(explainLesson(whole, conclude(whole)!).join('\n'), taught)
  })
}
