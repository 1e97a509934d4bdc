import assert from 'node:assert/strict'
import { test } from 'node:test'
import { factsOf } from '../../core/console/facts.ts'
import { HOSTS, readingOf } from '../../core/console/hosts.fixture.ts'
import type { HostFigures } from '../../core/console/model/choose.ts'
import { figuresOf } from '../../core/console/model/host-figures.ts'
import {
  baseChange,
  choiceOf,
  parseBase,
  parseConsoleState,
  queryChange,
  stepsOf,
  valuesOf,
} from './console-state.ts'

const LESSON = valuesOf(null)
const BARE_METAL = figuresOf(factsOf(readingOf(HOSTS['bare-metal'])))

function settingAt(host: HostFigures | null, query: string) {
  const own = valuesOf(host)
  return choiceOf(host, own, parseConsoleState(new URLSearchParams(query), own)).setting
}

test('without a host it is the incident', () => {
  const setting = settingAt(null, '')
  assert.equal(setting.consoles.length, 1)
  assert.equal(setting.report.filter(({ part }) => part === 'task-table').length, 202)
})

test('a host stands as it was read, until a slider says otherwise', () => {
  const setting = settingAt(BARE_METAL, '')
  assert.equal(setting.report, BARE_METAL.report)
  assert.equal(setting.consoles, BARE_METAL.consoles)
  const faster = settingAt(BARE_METAL, 'baud=115200')
  assert.deepEqual(
    faster.consoles.map(({ cost }) => cost.from === 'baud' && cost.baud),
    [115_200],
  )
  assert.equal(faster.report, BARE_METAL.report)
  assert.equal(settingAt(BARE_METAL, 'consoles=0').consoles.length, 0)
})

test('what a host has is among the steps', () => {
  const own = valuesOf(BARE_METAL)
  assert.ok(stepsOf('tasks', own).includes(own.tasks))
  assert.deepEqual(
    stepsOf('tasks', own).map(Number),
    stepsOf('tasks', own)
      .map(Number)
      .toSorted((a, b) => a - b),
  )
  assert.equal(own.baud, '19200')
  assert.equal(own.consoles, '1')
  assert.ok(stepsOf('kernel', own).includes(String(BARE_METAL.release)))
})

test('a host whose consoles could not be read has the lesson console in its place', () => {
  assert.equal(valuesOf({ ...BARE_METAL, consoles: null }).consoles, '1')
  assert.equal(valuesOf({ ...BARE_METAL, consoles: [] }).consoles, '0')
})

for (const [query, key, expected] of [
  ['tasks=1000', 'tasks', '1000'],
  ['tasks=1001', 'tasks', '200'],
  ['printk=5+7+1+7', 'printk', '5 7 1 7'],
  ['kernel=__proto__', 'kernel', '6.1'],
] as const) {
  test(`what an address says: ${query}`, () => {
    assert.equal(parseConsoleState(new URLSearchParams(query), LESSON).values[key], expected)
  })
}

for (const [query, remedy] of [
  ['remedy=adaptive', 'adaptive'],
  ['remedy=constructor', 'none'],
] as const) {
  test(`a remedy that an address says: ${query}`, () => {
    assert.equal(parseConsoleState(new URLSearchParams(query), LESSON).remedy, remedy)
  })
}

test('an address starts from the host, or from the incident', () => {
  assert.equal(parseBase(new URLSearchParams('')), 'host')
  assert.equal(parseBase(new URLSearchParams('from=incident')), 'incident')
  assert.equal(parseBase(new URLSearchParams('from=constructor')), 'host')
  assert.equal(baseChange('incident').from, 'incident')
  assert.deepEqual([baseChange('host').from, baseChange('host').tasks], [null, null])
})

test('what is the machine own value is not in the address', () => {
  assert.deepEqual(queryChange('tasks', '200', LESSON), { tasks: null })
  assert.deepEqual(queryChange('tasks', '500', LESSON), { tasks: '500' })
})
