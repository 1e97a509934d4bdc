import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConsoleState, queryChange, settingOfState } from './console-state.ts'

test('without a query it is the incident', () => {
  const setting = settingOfState(parseConsoleState(new URLSearchParams('')))
  assert.equal(setting.consoles.length, 1)
  assert.equal(setting.report.filter(({ part }) => part === 'task-table').length, 202)
})

for (const [query, key, expected] of [
  ['tasks=1000', 'tasks', '1000'],
  ['tasks=1001', 'tasks', '200'],
  ['printk=5+7+1+7', 'printk', '5 7 1 7'],
  ['remedy=adaptive', 'remedy', 'adaptive'],
  ['remedy=constructor', 'remedy', 'none'],
  ['kernel=__proto__', 'kernel', '6.1'],
] as const) {
  test(`what an address says: ${query}`, () => {
    assert.equal(parseConsoleState(new URLSearchParams(query))[key], expected)
  })
}

test('what is the incident own value is not in the address', () => {
  assert.deepEqual(queryChange('tasks', '200'), { tasks: null })
  assert.deepEqual(queryChange('tasks', '500'), { tasks: '500' })
})
