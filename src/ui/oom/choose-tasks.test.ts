import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readReports } from '../../core/oom/read.ts'
import type { OomReport } from '../../core/oom/records.ts'
import { chooseTasks, isSplit, parseTaskChoice } from './choose-tasks.ts'

const LAB = join(import.meta.dirname, '../../../lab/scenarios/logs')

function read(name: string): OomReport {
  const [report] = readReports(readFileSync(join(LAB, name), 'utf8'))
  assert.ok(report !== undefined)
  return report
}

const OLD = read('6.1-incident.log')

function pick(search: string): readonly string[] {
  return chooseTasks(OLD, parseTaskChoice(new URLSearchParams(search)), 4).map(
    ({ comm, pid }) => `${comm} ${pid}`,
  )
}

const CASES: readonly (readonly [search: string, first: string, last: string])[] = [
  ['', 'leaker 108', 'sleeper-11 105'],
  ['sort=evil', 'leaker 108', 'sleeper-11 105'],
  ['sort=pid', 'heartbeat 92', 'leaker 108'],
  ['sort=pid&reverse=1', 'leaker 108', 'heartbeat 92'],
  ['sort=name', 'heartbeat 92', 'sleeper-9 103'],
  ['sort=adj&reverse=1', 'heartbeat 92', 'leaker 108'],
  ['q=SLEEPER-1', 'sleeper-1 95', 'sleeper-11 105'],
  ['q=108', 'leaker 108', 'leaker 108'],
]

for (const [search, first, last] of CASES) {
  test(`${search === '' ? 'nothing said' : search}: ${first} to ${last}`, () => {
    const rows = pick(search)
    assert.deepEqual([rows[0], rows.at(-1)], [first, last])
  })
}

test('what the table does not say comes last either way', () => {
  const [row] = OLD.tasks
  assert.ok(row !== undefined)
  const tasks = [{ ...row, pid: 1, swapents: null }, ...OLD.tasks]
  for (const isReversed of [false, true]) {
    const sorted = chooseTasks({ tasks }, { sort: 'swap', isReversed, search: '' }, 4)
    assert.equal(sorted.at(-1)?.pid, 1)
  }
})

test('tables since 6.8 tell anonymous memory from files', () => {
  assert.equal(isSplit(OLD), false)
  assert.equal(isSplit(read('6.12-incident.log')), true)
})
