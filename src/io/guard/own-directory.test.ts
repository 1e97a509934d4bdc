import assert from 'node:assert/strict'
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { strangerAt } from './own-directory.ts'

test("a directory of another user is a stranger's, one of root or of ours is not", (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-own-'))
  context.after(() => rmSync(directory, { recursive: true }))
  const uid = process.getuid?.() ?? 0
  assert.equal(strangerAt(directory, uid), undefined)
  assert.equal(strangerAt(directory, uid + 1), uid === 0 ? undefined : uid)
  assert.equal(strangerAt('/', 1000), undefined)
  assert.equal(strangerAt(join(directory, 'absent')), undefined)
})

const NEEDS_ROOT = { skip: process.getuid?.() === 0 ? false : 'needs root to give a file away' }

test("what root gave away is another's", NEEDS_ROOT, (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-own-'))
  context.after(() => rmSync(directory, { recursive: true }))
  chownSync(directory, 1234, 1234)
  assert.equal(strangerAt(directory, 0), 1234)
  assert.equal(strangerAt(directory, 1234), undefined)
  assert.equal(strangerAt(directory, 1235), 1234)
})
