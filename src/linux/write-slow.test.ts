import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { writeSlow } from './write-slow.ts'

for (const [how, after] of [
  ['w', '1'],
  ['a', 'N1'],
] as const) {
  test(`a write with '${how}' never makes the file`, async () => {
    const directory = mkdtempSync(join(tmpdir(), 'plimsoll-slow-'))
    try {
      const path = join(directory, 'console')
      assert.match((await writeSlow(path, '1', how)) ?? '', /^ENOENT/)
      assert.deepEqual(readdirSync(directory), [])
      writeFileSync(path, 'N')
      assert.equal(await writeSlow(path, '1', how), null)
      assert.equal(readFileSync(path, 'utf8'), after)
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
}
