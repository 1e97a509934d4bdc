import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  type Cell,
  cellRatio,
  isClean,
  isWithin,
  median,
  soakSentence,
  stallTable,
} from './report.ts'

function cell(...stallsMs: readonly number[]): Cell {
  const runs = stallsMs.map((stallMs) => ({
    bytes: 9000,
    foreignBytes: 600,
    foreignLines: 7,
    stallMs,
  }))
  return { tasks: 50, baud: 9600, runs }
}

for (const [values, expected] of [
  [[3], 3],
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
] as const) {
  test(`the median of ${values}`, () => assert.equal(median(values), expected))
}

for (const [stallsMs, ratio, within] of [
  [[10_000], 1, true],
  [[10_900], 1.09, true],
  [[8_900], 0.89, false],
  [[20_000, 10_100, 9_900], 1.01, true],
] as const) {
  test(`stalls of ${stallsMs} ms beside 10 s of bytes`, () => {
    assert.ok(Math.abs(cellRatio(cell(...stallsMs)) - ratio) < 1e-9)
    assert.equal(isWithin(cell(...stallsMs)), within)
  })
}

test('a row has the medians of its runs', () => {
  const row = stallTable([cell(10_100, 9_900, 10_000)])
    .split('\n')
    .at(-1)
  assert.deepEqual(
    row?.split('|').map((text) => text.trim()),
    ['', '50', '9 600', '9 600', '600', '10.00', '10.00', '1.000', '3', ''],
  )
})

const RUN = { ending: 'played', tookMs: 9000, lineMs: 2000, left: [] }

for (const [what, run, expected] of [
  ['played, and nothing left', RUN, true],
  ['not played', { ...RUN, ending: 'timed-out' }, false],
  ['something left', { ...RUN, left: ['process 12'] }, false],
  ['too long beside its bytes', { ...RUN, tookMs: 47_000 }, false],
] as const) {
  test(`a run is clean: ${what}`, () => assert.equal(isClean(run), expected))
}

test('a soak says how many runs were clean', () => {
  assert.match(soakSentence([RUN, { ...RUN, ending: 'gone' }]), /^2 runs in a row: 1 ended/)
})
