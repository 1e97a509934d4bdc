import assert from 'node:assert/strict'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { findUser, handOverHistory, isRoot } from './privileges.ts'

test('root is no user to give root up for', () => {
  for (const name of ['root', 'no-such-user-here']) {
    assert.throws(() => findUser(name), { code: 'PLM_PERMISSION' })
  }
})

const NEEDS_ROOT = { skip: isRoot() ? false : 'needs root' }

test('the history is handed over, and nothing that a link leads to', NEEDS_ROOT, (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-privileges-'))
  context.after(() => rmSync(directory, { recursive: true }))
  const history = join(directory, 'history')
  const path = (name: string) => join(history, name)
  mkdirSync(history)
  writeFileSync(join(directory, 'secret'), '')
  writeFileSync(join(directory, 'other-secret'), '')
  writeFileSync(path('h.db'), '')
  writeFileSync(path('h.db-wal'), '')
  symlinkSync(join(directory, 'secret'), path('h.db-shm'))
  linkSync(join(directory, 'other-secret'), path('h.db.corrupt-1'))
  handOverHistory(path('h.db'), { uid: 65534, gid: 65534 })
  const owner = (name: string) => statSync(join(directory, name)).uid
  assert.equal(owner('history'), 65534)
  assert.equal(statSync(history).mode & 0o777, 0o700)
  assert.equal(owner('history/h.db'), 65534)
  assert.equal(owner('history/h.db-wal'), 65534)
  assert.equal(owner('secret'), 0)
  assert.equal(owner('other-secret'), 0)
  writeFileSync(path('foreign'), '')
  handOverHistory(path('h.db'), { uid: 65534, gid: 65534 })
  assert.equal(owner('history/foreign'), 0, 'at the second start the directory is theirs')
})

test('a directory that holds something else is never given away', NEEDS_ROOT, (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-privileges-'))
  context.after(() => rmSync(directory, { recursive: true }))
  chmodSync(directory, 0o755)
  writeFileSync(join(directory, 'of-others'), '')
  const user = { uid: 65534, gid: 65534 }
  assert.throws(() => handOverHistory(join(directory, 'h.db'), user), /holds "of-others" too/)
  assert.throws(() => handOverHistory('/h.db', user), /it lies in \//)
  const { uid, mode } = statSync(directory)
  assert.deepEqual([uid, mode & 0o777], [0, 0o755])
})
