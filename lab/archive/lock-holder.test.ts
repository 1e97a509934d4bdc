import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { withLock } from './cache.ts'
import { findLockHolder, parseHolder } from './lock-holder.ts'
import { findProgram } from './tools.ts'

const LOCKS = `1: POSIX  ADVISORY  WRITE 11 fe:01:131 0 EOF
2: FLOCK  ADVISORY  WRITE 12 fe:02:131 0 EOF
3: FLOCK  ADVISORY  WRITE 13 fe:01:131 0 EOF
3: -> FLOCK  ADVISORY  WRITE 14 fe:01:131 0 EOF
4: FLOCK  ADVISORY  WRITE 0 00:2a:7 0 EOF
5: -> FLOCK  ADVISORY  WRITE 15 00:2a:8 0 EOF
`

for (const [device, inode, pid] of [
  [0xfe01, 131, 13],
  [0xfe02, 131, 12],
  [0xfe01, 132, null],
  [0x2a, 7, null],
  [0x2a, 8, null],
] as const) {
  test(`device ${device}, inode ${inode}: held by ${pid}`, () => {
    assert.equal(parseHolder(LOCKS, device, inode), pid)
  })
}

const NEEDS_FLOCK = { skip: findProgram('flock') === null && 'flock is missing (util-linux)' }

test('who holds a lock is seen, and nobody once it is free', NEEDS_FLOCK, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-holder-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'lock')
  assert.equal(findLockHolder(file), null)
  assert.equal(await withLock(file, async () => findLockHolder(file)), process.pid)
  assert.equal(findLockHolder(file), null)
})
