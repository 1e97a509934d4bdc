import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SubjectRow } from '../../core/wire/records.ts'
import { rowFixture } from '../../core/wire/rows.fixture.ts'
import { chooseRows, matchesSearch, parseChoice } from './choose-rows.ts'

const steady = rowFixture('process:1:1', { name: 'nginx', pid: 1, unit: 'nginx.service' })
const verdict = steady.verdict

function leaking(id: string, etaSec: number, changed: Partial<SubjectRow> = {}): SubjectRow {
  return rowFixture(id, {
    ...changed,
    verdict: { ...verdict, state: 'confirmed', reason: 'floor-rises', etaSec, rateBytesPerSec: 9 },
  })
}

const soon = leaking('process:2:1', 60, { name: 'api', pid: 2, levelBytes: 5 })
const late = leaking('process:3:1', 9_000, { name: 'Worker', pid: 3, levelBytes: 50 })
const tmpfs = rowFixture('tmpfs:/run', { kind: 'tmpfs', name: '/run', pid: null, levelBytes: 7 })
const ROWS = [steady, late, tmpfs, soon]

const ids = (rows: readonly SubjectRow[]) => rows.map((row) => row.name)
const choose = (search: string, isMarked = (_: SubjectRow) => false) =>
  ids(chooseRows(ROWS, parseChoice(new URLSearchParams(search), 'worst'), isMarked))

test('the address says what is chosen; what it cannot mean is left out', () => {
  assert.deepEqual(parseChoice(new URLSearchParams('q= NginX &kind=tmpfs&state=growing'), 'size'), {
    search: 'nginx',
    kind: 'tmpfs',
    state: 'growing',
    sort: 'size',
    isReversed: false,
  })
  const odd = parseChoice(new URLSearchParams('kind=__proto__&state=x&sort=constructor'), 'worst')
  assert.deepEqual([odd.kind, odd.state, odd.sort], [null, null, 'worst'])
})

for (const [search, expected] of [
  ['', ['api', 'Worker', 'nginx', '/run']],
  ['reverse=1', ['/run', 'nginx', 'Worker', 'api']],
  ['sort=size', ['nginx', 'Worker', '/run', 'api']],
  ['sort=name', ['/run', 'Worker', 'api', 'nginx']],
  ['sort=memory', ['api', 'Worker', 'nginx', '/run']],
  ['sort=left', ['api', 'Worker', 'nginx', '/run']],
  ['kind=tmpfs', ['/run']],
  ['state=confirmed', ['api', 'Worker']],
  ['q=worker', ['Worker']],
  ['q=nothing-like-it', []],
] as const) {
  test(`rows of ?${search}`, () => assert.deepEqual(choose(search), [...expected]))
}

test('what its owner judged comes last of a worst-first order, and nowhere else', () => {
  const isMarked = (row: SubjectRow) => row === soon
  assert.deepEqual(choose('', isMarked), ['Worker', 'nginx', '/run', 'api'])
  assert.deepEqual(choose('sort=left', isMarked), ['api', 'Worker', 'nginx', '/run'])
})

for (const [search, isFound] of [
  ['', true],
  ['nginx', true],
  ['nginx.service', true],
  ['service nginx', true],
  ['nginx steady', true],
  ['floor', true],
  ['nginx postgres', false],
] as const) {
  test(`${JSON.stringify(search)} ${isFound ? 'finds' : 'does not find'} it`, () => {
    assert.equal(matchesSearch(steady, search), isFound)
  })
}
