import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HostConsole } from './cost.ts'
import { costOfReport } from './cost.ts'
import { parsePrintk } from './printk.ts'
import type { PrintkSetting, ReportLine } from './records.ts'

const STAMP = { hasTime: true, uptimeSec: 10, callerBytes: 0, hasLevel: false }
// On the wire 25, 125 and 25 bytes.
const LINES: readonly ReportLine[] = [
  { part: 'header', level: 4, text: 'x'.repeat(8) },
  { part: 'mem-info', level: 'default', text: 'x'.repeat(108) },
  { part: 'task-table', level: 6, text: 'x'.repeat(8) },
  { part: 'kill', level: 3, text: 'x'.repeat(8) },
]
const SLOW: HostConsole = {
  name: 'ttyS1',
  kind: 'uart',
  isSynchronous: true,
  cost: { from: 'baud', baud: 10_000, msPerByte: 1 },
}

function setting(text: string): PrintkSetting {
  const parsed = parsePrintk(text)
  assert.ok(parsed !== undefined)
  return parsed
}

for (const [printk, bytes, waitMs] of [
  ['7 4 1 7', 200, 200],
  ['5 4 1 7', 175, 175],
  ['5 7 1 7', 50, 50],
  ['4 4 1 7', 25, 25],
  ['3 4 1 7', 0, 0],
] as const) {
  test(`what reaches a slow console with kernel.printk ${printk}`, () => {
    const cost = costOfReport(LINES, [SLOW], setting(printk), STAMP)
    assert.deepEqual([cost.consoles[0]?.bytes, cost.waitMs, cost.isBound], [bytes, waitMs, false])
    assert.equal(cost.bytes, 200, 'the buffer gets all of it')
  })
}

test('consoles are waited for one after another, and those of a thread of their own not at all', () => {
  const threaded = { ...SLOW, name: 'ttyAMA0', isSynchronous: false }
  const { waitMs } = costOfReport(LINES, [SLOW, threaded, SLOW], setting('7 4 1 7'), STAMP)
  assert.equal(waitMs, 400)
})

test('a console whose cost is not known makes the sum a bound, unless nothing reaches it', () => {
  const hvc: HostConsole = {
    name: 'hvc0',
    kind: 'hypervisor',
    isSynchronous: true,
    cost: { from: 'unknown', why: 'no rate is enforced' },
  }
  const both = costOfReport(LINES, [SLOW, hvc], setting('7 4 1 7'), STAMP)
  assert.deepEqual([both.waitMs, both.isBound], [200, true])
  assert.equal(costOfReport(LINES, [hvc], setting('3 4 1 7'), STAMP).isBound, false)
})

test('printk_delay counts for each record, shown or not', () => {
  assert.equal(costOfReport(LINES, [SLOW], setting('3 4 1 7'), STAMP, 5).waitMs, 20)
})

test('the parts say where the time goes', () => {
  const { consoles } = costOfReport(LINES, [SLOW], setting('7 4 1 7'), STAMP)
  assert.deepEqual(
    consoles[0]?.parts.map(({ part, bytes }) => [part, bytes]),
    [
      ['header', 25],
      ['mem-info', 125],
      ['task-table', 25],
      ['kill', 25],
    ],
  )
})
