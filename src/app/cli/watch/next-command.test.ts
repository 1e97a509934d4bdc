import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowFixture } from '../../../core/wire/rows.fixture.ts'
import { nextCommand } from './next-command.ts'
import { LEAK, POOL, SERVICE } from './scene.fixture.ts'

const CASES = [
  [LEAK, 'sudo cat /proc/4121/smaps_rollup'],
  [SERVICE, 'systemctl status -- nginx.service'],
  [{ ...SERVICE, unit: null }, null],
  [POOL, 'sudo du -xh --max-depth=1 -- /dev/shm | sort -h'],
  [
    { ...POOL, name: "/a b'; reboot" },
    "sudo du -xh --max-depth=1 -- '/a b'\\''; reboot' | sort -h",
  ],
  [{ ...POOL, name: '/a\u001b[2J' }, null],
  [rowFixture('slab:dentry', { kind: 'slab' }), 'sudo slabtop -o -s c'],
] as const
test('the next command is safe to copy, or there is none', () => {
  for (const [row, command] of CASES) assert.equal(nextCommand(row), command)
})
