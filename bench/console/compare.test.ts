import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellsOf, isMet, mergeTable, missesOf, parseTable, type Row } from './compare.ts'

const SEEN = { lines: 109, bytes: 9676, printedMs: 4950, otherBytes: 0, stallMs: 4900 }
const ROW: Row = {
  kernel: '6.1',
  tasks: 50,
  baud: 19_200,
  setting: '7 4 1 7',
  asked: 'page',
  predicted: { lines: 109, bytes: 9700, freezeMs: 5050 },
  seen: SEEN,
  runs: 1,
}
const NOTHING = { lines: 0, bytes: 0, printedMs: 0, otherBytes: 0, stallMs: 120 }

for (const [what, row, misses] of [
  ['all of it', ROW, []],
  ['a line more', { ...ROW, seen: { ...SEEN, lines: 110 } }, ['lines']],
  ['too many bytes', { ...ROW, predicted: { ...ROW.predicted, bytes: 10_000 } }, ['bytes']],
  ['too long', { ...ROW, seen: { ...SEEN, printedMs: 4500 } }, ['freeze']],
  ['a way that is not known', { ...ROW, asked: null }, ['way']],
  ['who found a page waits for less', { ...ROW, seen: { ...SEEN, stallMs: 800 } }, []],
  ['a wait that nothing explains', { ...ROW, seen: { ...SEEN, stallMs: 5900 } }, ['bystander']],
  [
    'a wait for what others printed',
    { ...ROW, seen: { ...SEEN, stallMs: 5900, otherBytes: 1920 } },
    [],
  ],
  [
    'too short to be told from reclaim',
    { ...ROW, predicted: { lines: 0, bytes: 0, freezeMs: 0 }, seen: NOTHING },
    [],
  ],
] as const satisfies readonly (readonly [string, Row, readonly string[]])[]) {
  test(`a prediction is held against what was seen: ${what}`, () => {
    assert.deepEqual(missesOf(row), misses)
    assert.equal(isMet(row), misses.length === 0)
  })
}

test('a row of the table has errors with their sign', () => {
  assert.deepEqual(cellsOf(ROW).slice(5, 14), [
    '109',
    '109',
    '9700',
    '9676',
    '+0.2 %',
    '5.05',
    '4.95',
    '+2.0 %',
    '4.90',
  ])
})

test('a row that is measured again takes the place of the old, and the rest stays', () => {
  const first = mergeTable('', [ROW, { ...ROW, kernel: '6.12' }])
  const again = mergeTable(first, [
    { ...ROW, runs: 3 },
    { ...ROW, tasks: 800 },
  ])
  assert.deepEqual(
    parseTable(again).map((cells) => [cells[0], cells[1], cells.at(-2)]),
    [
      ['6.1', '50', '3'],
      ['6.12', '50', '1'],
      ['6.1', '800', '1'],
    ],
  )
})
