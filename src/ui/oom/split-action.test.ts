import assert from 'node:assert/strict'
import { test } from 'node:test'
import { splitAction } from './split-action.ts'

const CASES: readonly (readonly [action: string, words: string, command: string | null])[] = [
  ['see it: plimsoll watch --filter x', 'see it', 'plimsoll watch --filter x'],
  ['see: df -t tmpfs; du -x /tmp', 'see', 'df -t tmpfs; du -x /tmp'],
  ['get it: journalctl -k -b, or dmesg', 'get it: journalctl -k -b, or dmesg', null],
  ['give it: a unit with MemoryMax=', 'give it: a unit with MemoryMax=', null],
  ['keep what must live', 'keep what must live', null],
]

for (const [action, words, command] of CASES) {
  test(action, () => assert.deepEqual(splitAction(action), [words, command]))
}
