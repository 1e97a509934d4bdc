import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { readPackedConfig, readTermios } from './console-live.ts'

for (const device of ['../etc/passwd', '-a', 'tty S0', '', 'ttyNone99']) {
  test(`no speed is told of ${JSON.stringify(device)}`, () =>
    assert.equal(readTermios(device), null))
}

test('a packed configuration is unpacked, and what is none is not', () => {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-config-'))
  try {
    const packed = join(directory, 'config.gz')
    writeFileSync(packed, gzipSync('CONFIG_LOG_BUF_SHIFT=17\n'))
    assert.equal(readPackedConfig(packed), 'CONFIG_LOG_BUF_SHIFT=17\n')
    writeFileSync(packed, 'plain')
    assert.equal(readPackedConfig(packed), null)
    writeFileSync(packed, gzipSync(new Uint8Array(8 * 1024 * 1024)))
    assert.equal(readPackedConfig(packed), null, 'one that unpacks to more than any configuration')
    assert.equal(readPackedConfig(join(directory, 'none')), null)
  } finally {
    rmSync(directory, { recursive: true })
  }
})
