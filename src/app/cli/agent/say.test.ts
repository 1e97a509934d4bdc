import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sayForPeople, sayForScripts } from './say.ts'

function record() {
  const lines: string[] = []
  const output = {
    out: (line: string) => lines.push(`out: ${line}`),
    err: (line: string) => lines.push(`err: ${line}`),
  }
  return { lines, output }
}

test('people read sentences that no name can steer a terminal by', () => {
  const { lines, output } = record()
  const say = sayForPeople(output, () => Date.parse('2026-11-25T07:10:05'))
  say('dashboard', 'dashboard: http://127.0.0.1:1')
  say('finding', 'a\u001b[2Jb 4121 leaks', { state: 'confirmed' })
  say('warning', 'the guard ended')
  assert.deepEqual(lines, [
    'out: dashboard: http://127.0.0.1:1',
    'out: 07:10:05  a\\x1b[2Jb 4121 leaks',
    'err: plimsoll: the guard ended',
  ])
})

test('scripts read one document a line, all on standard output', () => {
  const { lines, output } = record()
  const say = sayForScripts(output, () => 1_790_000_000_000)
  say('warning', 'a\nb\u009b2J\u202e', { what: 'x' })
  assert.deepEqual(lines, [
    'out: {"schema":"plimsoll.agent/1","kind":"warning","wallMs":1790000000000,"text":"a\\nb\\u009b2J\\u202e","what":"x"}',
  ])
})
