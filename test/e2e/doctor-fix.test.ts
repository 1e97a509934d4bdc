/** @module What `plimsoll doctor` refuses before it changes anything. What it changes is tested in a guest (test/lab). */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

const NOBODY = 65_534

function doctor(args: readonly string[]): { code: number | null; stderr: string; stdout: string } {
  // Whoever runs this, nothing that is tried here may come to a change.
  const who = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['dist/cli.cjs', 'doctor', ...args],
    { encoding: 'utf8', timeout: 30_000, ...who },
  )
  return { code: status, stdout, stderr }
}

const REFUSED: readonly (readonly [args: string, code: number, said: RegExp])[] = [
  ['--fix', 77, /only root may change settings of the kernel\n.*: sudo plimsoll doctor --fix$/m],
  ['--fix console-freeze --yes', 77, /only root/],
  ['--undo --yes', 77, /only root.*\n.*: sudo plimsoll doctor --undo$/m],
  ['--measure', 77, /only root may write to the kernel log\n.*: sudo plimsoll doctor --measure$/m],
  ['--fix --root /tmp', 2, /--fix works on this host alone: expected no --root/],
  ['--undo --root /tmp', 2, /--undo works on this host alone/],
  ['--measure --root /tmp', 2, /--measure works on this host alone/],
  ['--fix --undo', 2, /--fix and --undo: expected one of them/],
  ['--fix no-such-check', 2, /there is no check no-such-check/],
  ['--undo ../x', 2, /there is no check \.\.\/x/],
  ['--fix --json', 2, /--fix: expected neither --json nor --save-tree/],
  ['--yes', 2, /--yes: expected --fix or --undo/],
]

// Nobody may not even read a repository in root's own home.
const canRun = doctor(['--help']).code === 0
const skip = canRun ? false : 'another user cannot run what was built here'

for (const [args, expected, said] of REFUSED) {
  test(`doctor ${args} is refused with exit code ${expected}`, { skip }, () => {
    const { code, stdout, stderr } = doctor(args.split(' '))
    assert.deepEqual([code, stdout], [expected, ''], stderr)
    assert.match(stderr, said)
  })
}
