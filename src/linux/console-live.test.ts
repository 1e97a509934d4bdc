import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { readLogBufferLine, readPackedConfig, readTermios } from './console-live.ts'

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

/** What stands in a file is read at once as one record. */
for (const [what, record, expected] of [
  [
    'since 6.13 it always says so',
    '6,78,108533,-;printk: log buffer data + meta data: 131072 + 458752 = 589824 bytes\n',
    'printk: log buffer data + meta data: 131072 + 458752 = 589824 bytes',
  ],
  ['a program says so', '14,78,108533,-;printk: log_buf_len: 524288 bytes\n', null],
  ['long after the start', '6,9000,108533,-;printk: log_buf_len: 524288 bytes\n', null],
  ['another line', '5,0,0,-;Linux version 6.1.0\n', null],
  ['no record', 'log_buf_len: 524288 bytes\n', null],
] as const) {
  test(`the size of the kernel log: ${what}`, () => {
    const directory = mkdtempSync(join(tmpdir(), 'plimsoll-kmsg-'))
    try {
      writeFileSync(join(directory, 'kmsg'), record)
      assert.equal(readLogBufferLine(join(directory, 'kmsg')), expected)
    } finally {
      rmSync(directory, { recursive: true })
    }
  })
}

test('this host is read without waiting, whatever it says', () => {
  const line = readLogBufferLine()
  assert.ok(line === null || /log_buf_len|log buffer/.test(line))
  assert.equal(readLogBufferLine('/nothing/there'), null)
})
