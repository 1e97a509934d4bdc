import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { openProcTree } from '../../linux/proc-tree.fixture.ts'
import { startConsoleGuard } from './console-guard.ts'

const BOOT_ID = '11111111-1111-4111-8111-111111111111'
const JOURNAL = `near\n${JSON.stringify({
  schema: 'plimsoll.console-journal/1',
  bootId: BOOT_ID,
  guard: { pid: 4242, startTicks: 777 },
  undo: {
    remedy: 'bulk',
    found: { consoleLevel: 7, defaultLevel: 4 },
    set: { consoleLevel: 5, defaultLevel: 7 },
  },
})}\n`
const QUIET = '5\t7\t1\t7\n'

/** What a guard finds and leaves that keeps its journal where process 4242, begun at `startTicks`, keeps its own. */
async function runBeside(startTicks: number, isOn: boolean) {
  using tree = openProcTree()
  const journalFile = tree.procRoot.replace(/proc$/, 'console.journal')
  writeFileSync(journalFile, JOURNAL, { mode: 0o600 })
  tree.set({ pid: 4242, startTicks })
  tree.write('proc/sys/kernel/printk', QUIET)
  const guard = startConsoleGuard({
    settings: { isOn, journalFile, hostRoot: '' },
    procRoot: tree.procRoot,
    sysRoot: tree.sysRoot,
    bootId: BOOT_ID,
    tell() {},
    onState() {},
    log: { counts: {}, say() {} },
  })
  const { about } = guard.state()
  await guard.stop()
  const printk = readFileSync(`${tree.procRoot}/sys/kernel/printk`, 'utf8')
  const journal = existsSync(journalFile) ? readFileSync(journalFile, 'utf8') : ''
  return { about, printk, journal }
}

for (const isOn of [true, false]) {
  test(`a guard that is ${isOn ? 'on' : 'off'} leaves what another that lives has changed`, async () => {
    const { about, printk, journal } = await runBeside(777, isOn)
    assert.match(about, /another guard \(process 4242\)/)
    assert.deepEqual([printk, journal], [QUIET, JOURNAL])
  })
}

test('what has its pid since is no guard', async () => {
  const { printk, journal } = await runBeside(778, false)
  assert.match(printk, /^7 4/)
  assert.equal(journal, '')
})
