import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { timeKmsg } from './kmsg.ts'

test('each line is one write with its end, and has a time', () => {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-kmsg-'))
  try {
    const path = join(directory, 'kmsg')
    writeFileSync(path, '')
    const times = timeKmsg(['<6>one', '<6>two'], path)
    assert.ok(times.ok && times.value.length === 2 && times.value.every((ms) => ms >= 0))
    assert.equal(readFileSync(path, 'utf8'), '<6>one\n<6>two\n')
    const failed = timeKmsg(['<6>one'], join(directory, 'none'))
    assert.deepEqual(failed, { ok: false, error: `${directory}/none cannot be written (ENOENT)` })
    assert.deepEqual(readdirSync(directory), ['kmsg'], 'a device that is not there is not made')
  } finally {
    rmSync(directory, { recursive: true })
  }
})
