import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { MIB } from '../../base/units.ts'
import type { Event } from '../../core/wire/records.ts'
import { openHistory } from './history.ts'

function open() {
  return openHistory({ path: null, nowMs: () => 0, onTrouble: (why) => assert.fail(why) })
}

function oom(id: string, wallMs: number): Event {
  return {
    id,
    hostId: 'h',
    bootId: 'b',
    bootMs: wallMs,
    wallMs,
    kind: 'oom',
    subject: null,
    reason: 'x was killed',
    data: {},
  }
}

test('what the kernel said is given back by time, oldest first, and told once', () => {
  const history = open()
  history.recordOomLog(oom('late', 3_000.6), 'late\n')
  history.recordOomLog(oom('early', 1_000.4), 'early – “and” é\n')
  history.recordOomLog(oom('early', 1_000.4), 'another')
  assert.deepEqual(history.readOomLogs(0, 9_000), ['early – “and” é\n', 'late\n'])
  assert.deepEqual(history.readOomLogs(1_000.4, 1_000.4), ['early – “and” é\n'])
  assert.deepEqual(history.readOomLogs(1_002, 2_999), [])
  history.close()
})

test('the newest are kept, as far as 4 MiB of packed text go', () => {
  const history = open()
  const texts = Array.from({ length: 14 }, () => randomBytes(MIB / 2).toString('hex'))
  for (const [i, text] of texts.entries()) history.recordOomLog(oom(`e${i}`, i), text)
  const kept = history.readOomLogs(0, 100)
  // Hexadecimal digits pack to a little more than half.
  assert.ok(kept.length >= 6 && kept.length < 8, `${kept.length}`)
  assert.deepEqual(kept, texts.slice(-kept.length))
  history.close()
})

test('one that is too long is cut, and one answer holds 16 MiB at most', () => {
  const history = open()
  const line = 'the same line again and again\n'
  for (let i = 0; i < 12; i++) history.recordOomLog(oom(`e${i}`, i), line.repeat(100_000))
  const kept = history.readOomLogs(0, 100)
  assert.ok(kept.every((text) => text.length === 2 * MIB))
  assert.equal(kept.length, 8)
  history.close()
})
