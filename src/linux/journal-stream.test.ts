import assert from 'node:assert/strict'
import { closeSync, fstatSync, openSync } from 'node:fs'
import { test } from 'node:test'
import { isJournal } from './journal-stream.ts'

test('only the descriptor that JOURNAL_STREAM names is the journal', () => {
  const [fd, other] = [openSync('/dev/null', 'w'), openSync('/dev/zero', 'r')]
  const { dev, ino } = fstatSync(fd)
  assert.equal(isJournal(fd, `${dev}:${ino}`), true)
  assert.equal(isJournal(other, `${dev}:${ino}`), false, 'a terminal that inherited it')
  assert.equal(isJournal(fd, undefined), false)
  assert.equal(isJournal(fd, ''), false)
  closeSync(fd)
  closeSync(other)
  assert.equal(isJournal(1_000_000, `${dev}:${ino}`), false, 'no descriptor at all')
})
