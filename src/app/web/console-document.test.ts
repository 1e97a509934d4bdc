import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { writeHostTree } from '../../../test/e2e/host-tree.ts'
import { HOSTS } from '../../core/console/hosts.fixture.ts'
import { createConsoleReader } from './console-document.ts'

test('a host is read when somebody asks, and again after a minute or when the clock was set back', (context) => {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-console-'))
  context.after(() => rmSync(root, { recursive: true }))
  const procRoot = writeHostTree(root, HOSTS['bare-metal'])
  let now = 1_000_000
  const read = createConsoleReader(root, () => now)
  const levelAt = (ms: number): number | undefined => {
    now = ms
    return read().figures.printk?.consoleLevel
  }
  assert.equal(levelAt(1_000_000), 7)
  writeFileSync(join(procRoot, 'sys/kernel/printk'), '4\t4\t1\t7\n')
  assert.equal(levelAt(1_059_000), 7)
  assert.equal(levelAt(1_060_000), 4)
  writeFileSync(join(procRoot, 'sys/kernel/printk'), '5\t4\t1\t7\n')
  assert.equal(levelAt(1_000_000), 5)
})
