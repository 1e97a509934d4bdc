import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { openConsoleJournal } from '../../io/guard/console-journal.ts'
import { openPrintkControl } from '../../linux/printk-control.ts'
import { openProcTree } from '../../linux/proc-tree.fixture.ts'
import type { Deed } from './console-hands.ts'
import { createHands } from './console-hands.ts'

const FOUND = { consoleLevel: 7, defaultLevel: 4 }
const BULK: Deed = { remedy: 'bulk', set: { consoleLevel: 5, defaultLevel: 7 }, loses: '' }
const DETACH: Deed = { remedy: 'detach', console: 'ttyS1', loses: '' }
const BOOT = '11111111-1111-4111-8111-111111111111'

function open(context: TestContext) {
  const tree = openProcTree()
  context.after(() => tree[Symbol.dispose]())
  const root = tree.procRoot.replace(/\/proc$/, '')
  const path = join(tree.procRoot, 'sys/kernel/printk')
  const setPrintk = (levels: string): void => tree.write('proc/sys/kernel/printk', `${levels} 1 7`)
  setPrintk('7 4')
  tree.write('journal/of', '')
  tree.write('sys/class/tty/ttyS1/console', 'N\n')
  const control = openPrintkControl(tree.procRoot, tree.sysRoot)
  assert.ok(control.ok)
  context.after(() => control.value.close())
  const journal = openConsoleJournal(join(root, 'journal/console'))
  const hands = createHands({
    control: control.value,
    journal,
    sysRoot: tree.sysRoot,
    by: { bootId: BOOT, guard: null },
  })
  return {
    hands,
    setPrintk,
    printk: () => readFileSync(path, 'utf8').slice(0, 3),
    uart: join(tree.sysRoot, 'class/tty/ttyS1/console'),
    /** Nothing can be noted from then on. */
    loseJournal: () => rmSync(join(root, 'journal'), { recursive: true }),
  }
}

for (const [what, now, outcome, after] of [
  ['nobody changed anything', '5 7', 'restored', '7 4'],
  ['somebody set the first number', '4 7', 'changed', '4 4'],
  ['somebody set the second number', '5 6', 'changed', '7 6'],
  ['somebody set both', '8 3', 'changed', '8 3'],
] as const) {
  test(`each number goes back for itself where ${what}`, async (context) => {
    const { hands, setPrintk, printk } = open(context)
    await hands.prepare(BULK, FOUND)
    setPrintk(now)
    assert.equal(await hands.restore(BULK, FOUND), outcome)
    assert.equal(printk(), after)
  })

  test(`... and for the next guard where ${what}`, async (context) => {
    const { hands, setPrintk } = open(context)
    setPrintk(now)
    const undo = { remedy: 'bulk', found: FOUND, set: BULK.set } as const
    const left = await hands.findLeft({ bootId: BOOT, guard: null, state: 'near', undo })
    assert.equal(left === null, now === after)
  })
}

test('levels go back where that cannot be noted', async (context) => {
  const { hands, setPrintk, printk, loseJournal } = open(context)
  setPrintk('5 7')
  loseJournal()
  assert.equal(await hands.restore(BULK, FOUND), 'restored')
  assert.equal(printk(), '7 4')
})

test('a UART comes back where that cannot be noted', async (context) => {
  const { hands, setPrintk, printk, uart, loseJournal } = open(context)
  setPrintk('6 4')
  loseJournal()
  assert.equal(await hands.restore(DETACH, FOUND), 'restored')
  assert.match(readFileSync(uart, 'utf8'), /^1/)
  assert.equal(printk(), '6 4')
})

test('what the owner sets while a UART comes back stays', async (context) => {
  const { hands, setPrintk, printk, uart } = open(context)
  await hands.prepare(DETACH, FOUND)
  // A pipe: whoever writes to it waits for a reader, as for a slow line.
  rmSync(uart)
  assert.equal(spawnSync('mkfifo', [uart]).status, 0)
  const restored = hands.restore(DETACH, FOUND)
  await writeFile(uart, 'N\n')
  while (printk() !== '1 4') await new Promise((resolve) => setImmediate(resolve))
  setPrintk('8 3')
  assert.match(await readFile(uart, 'utf8'), /^1/)
  assert.equal(await restored, 'restored')
  assert.equal(printk(), '8 3')
})

test('what the owner sets while the change is noted stays', async (context) => {
  const { hands, setPrintk, printk } = open(context)
  await hands.prepare(BULK, FOUND)
  const applied = hands.apply(BULK, FOUND)
  setPrintk('8 4')
  assert.equal(await applied, 'somebody else has just set kernel.printk')
  assert.equal(printk(), '8 4')
})
