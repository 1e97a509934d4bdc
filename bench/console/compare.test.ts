import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMet, predictionTable, type Row } from './compare.ts'

const ROW: Row = {
  kernel: '6.1',
  tasks: 50,
  baud: 19_200,
  setting: '7 4 1 7',
  predicted: { lines: 109, bytes: 9700, freezeMs: 5050 },
  seen: { lines: 109, bytes: 9676, foreignBytes: 0, stallMs: 4900 },
  runs: 1,
}

for (const [what, row, met] of [
  ['all of it', ROW, true],
  ['a line more', { ...ROW, seen: { ...ROW.seen, lines: 110 } }, false],
  ['too many bytes', { ...ROW, predicted: { ...ROW.predicted, bytes: 10_000 } }, false],
  ['too long', { ...ROW, seen: { ...ROW.seen, stallMs: 4500 } }, false],
  [
    'too short to be told from reclaim',
    {
      ...ROW,
      predicted: { lines: 0, bytes: 0, freezeMs: 0 },
      seen: { lines: 0, bytes: 0, foreignBytes: 0, stallMs: 120 },
    },
    true,
  ],
] as const satisfies readonly (readonly [string, Row, boolean])[]) {
  test(`a prediction is met: ${what}`, () => assert.equal(isMet(row), met))
}

test('a row of the table has errors with their sign', () => {
  const cells = predictionTable([ROW])
    .split('\n')
    .at(-1)
    ?.split('|')
    .map((cell) => cell.trim())
  assert.deepEqual(cells?.slice(5, 14), [
    '109',
    '109',
    '9700',
    '9676',
    '+0.2 %',
    '5.05',
    '4.90',
    '+3.1 %',
    '',
  ])
})
