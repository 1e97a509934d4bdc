import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BASE, countUntil, type DiskEvent, type Journal, segmentsAfterCut } from './journal.ts'

const done = (of: number): DiskEvent => ({ kind: 'done', atMs: 0, of })
const flush: DiskEvent = { kind: 'flush', atMs: 0 }
const write = (firstSector: number, sectors: number, fua = false): DiskEvent => ({
  kind: 'write',
  atMs: 0,
  firstSector,
  sectors,
  fua,
  dataSector: 0,
})

/** `4+2 base|1`: sectors 4 and 5 hold the base image, or what event 1 wrote. */
function show(journal: Journal, cutAt = journal.length): string {
  return segmentsAfterCut(journal, cutAt)
    .map(({ firstSector, sectors, settled, loose }) => {
      const versions = [settled, ...loose].map((version) => (version === BASE ? 'base' : version))
      return `${firstSector}+${sectors} ${versions.join('|')}`
    })
    .join(', ')
}

const CASES: readonly (readonly [name: string, journal: Journal, expected: string])[] = [
  ['nothing happened', [], ''],
  ['a write that was not answered', [write(4, 2)], '4+2 base|0'],
  ['a write that was answered', [write(4, 2), done(0)], '4+2 base|0'],
  ['a flush that was not answered', [write(4, 2), done(0), flush], '4+2 base|0'],
  ['a flush after the answer', [write(4, 2), done(0), flush, done(2)], '4+2 0'],
  ['a flush before the answer', [write(4, 2), flush, done(0), done(1)], '4+2 base|0'],
  ['a flush before the write', [flush, done(0), write(4, 2), done(2)], '4+2 base|2'],
  ['FUA, not answered', [write(4, 2, true)], '4+2 base|0'],
  ['FUA, answered', [write(4, 2, true), done(0)], '4+2 0'],
  [
    'FUA covers itself alone',
    [write(0, 1), done(0), write(1, 1, true), done(2)],
    '0+1 base|0, 1+1 2',
  ],
  [
    'an older write cannot come over FUA',
    [write(0, 1), done(0), write(0, 1, true), done(2)],
    '0+1 2',
  ],
  ['a write that was under way with FUA can', [write(0, 1), write(0, 1, true), done(1)], '0+1 1|0'],
  [
    'two FUA writes under way at once',
    [write(0, 1, true), write(0, 1, true), done(0), done(1)],
    '0+1 1|0',
  ],
  [
    'two writes after a flush',
    [write(0, 1), done(0), flush, done(2), write(0, 1), done(4), write(0, 1)],
    '0+1 0|4|6',
  ],
  [
    'writes that overlap',
    [write(0, 4), done(0), flush, done(2), write(2, 4), done(4), write(8, 1)],
    '0+2 0, 2+2 0|4, 4+2 base|4, 8+1 base|6',
  ],
  [
    'a late answer of an earlier flush takes nothing back',
    [flush, write(0, 1), done(1), flush, done(3), done(0)],
    '0+1 1',
  ],
]

test('what each sector may hold after a cut', async (t) => {
  for (const [name, journal, expected] of CASES) {
    await t.test(name, () => assert.equal(show(journal), expected))
  }
})

test('what came after the cut does not count', () => {
  const journal = [write(4, 2), done(0), flush, done(2), write(4, 2, true), done(4)]
  assert.deepEqual(
    journal.map((_, cutAt) => show(journal, cutAt)),
    ['', '4+2 base|0', '4+2 base|0', '4+2 base|0', '4+2 0', '4+2 0|4'],
  )
})

test('a moment is how many events came until then', () => {
  const journal = [1, 2, 2, 5].map((atMs): DiskEvent => ({ kind: 'flush', atMs }))
  assert.deepEqual(
    [0, 1, 2, 4, 5, 9].map((atMs) => countUntil(journal, atMs)),
    [0, 1, 3, 3, 4, 4],
  )
})
