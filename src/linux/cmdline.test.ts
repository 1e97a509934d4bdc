import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readCmdline } from './cmdline.ts'

const STAT = `812 (a) b) S ${Array.from({ length: 18 }, () => 1).join(' ')} 777 0 0\n`

for (const [what, cmdline, startTicks, expected] of [
  ['arguments, empty ones too', 'cat\0\0-n\0', 777, ['cat', '', '-n']],
  ['arguments that the process overwrote with a title', 'nginx: worker', 777, ['nginx: worker']],
  ['no arguments', '', 777, null],
  ['those of another process that has the pid now', 'cat\0', 776, null],
  ['very long ones', 'x'.repeat(100_000), 777, ['x'.repeat(65_536)]],
  ['bytes that are no text', Buffer.from([0x61, 0xff, 0]), 777, ['a\ufffd']],
] as const) {
  test(what, (context) => {
    const root = mkdtempSync(join(tmpdir(), 'plimsoll-cmdline-'))
    context.after(() => rmSync(root, { recursive: true }))
    mkdirSync(join(root, '812'))
    writeFileSync(join(root, '812', 'stat'), STAT)
    writeFileSync(join(root, '812', 'cmdline'), cmdline)
    assert.deepEqual(readCmdline(root, 812, startTicks), expected)
  })
}

test('those of a process that is gone', () => {
  assert.equal(readCmdline('/nowhere', 812, 777), null)
})
