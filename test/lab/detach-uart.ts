/**
 * @module Runs in a guest: takes ttyS1 from printk and gives it back, as the console guard does, and says as
 * an event how long each took and what is left of it.
 */
import { createHands } from '../../src/app/guard/console-hands.ts'
import { openConsoleJournal, readConsoleJournal } from '../../src/io/guard/console-journal.ts'
import { openPrintkControl } from '../../src/linux/printk-control.ts'

const FILE = '/console.journal'
const deed = { remedy: 'detach', console: 'ttyS1', loses: '' } as const
const opened = openPrintkControl('/proc', '/sys')
if (!opened.ok) throw new Error(opened.error)
const control = opened.value
const found = control.read()
if (found === undefined) throw new Error('kernel.printk cannot be read')
const journal = openConsoleJournal(FILE)
const by = { bootId: 'this', guard: null }
const hands = createHands({ control, journal, sysRoot: '/sys', by })
await hands.prepare(deed, found)
const fault = await hands.apply(deed, found)
// As a guard would find it that comes after one that was killed now.
const left = await hands.findLeft(readConsoleJournal(FILE))
const startMs = performance.now()
const outcome = await hands.restore(deed, found)
const tookMs = performance.now() - startMs
const again = await hands.restore(deed, found)
const word = readConsoleJournal(FILE)?.state
console.log(
  JSON.stringify({
    event: 'detached',
    fault,
    left: left?.deed.remedy,
    outcome,
    tookMs,
    again,
    word,
  }),
)
control.close()
