import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatPrintk, isShown, parsePrintk } from './printk.ts'
import type { LineLevel } from './records.ts'

for (const [printk, ignores, shown, hidden] of [
  ['7 4 1 7', false, [0, 4, 6, 'default'], [7]],
  ['4 4 1 7', false, [3], [4, 6, 'default']],
  ['3 4 1 7', false, [2], [3, 'default']],
  ['5 7 1 7', false, [4, 3], [5, 6, 'default']],
  ['8 7 1 7', false, [7, 'default'], []],
  ['1 4 1 7', true, [0, 7, 'default'], []],
] as const) {
  test(`kernel.printk ${printk}${ignores ? ' with ignore_loglevel' : ''}`, () => {
    const setting = parsePrintk(`${printk.replaceAll(' ', '\t')}\n`, ignores)
    assert.ok(setting !== undefined)
    assert.equal(formatPrintk(setting), printk)
    for (const level of shown as readonly LineLevel[])
      assert.ok(isShown(level, setting), `${level}`)
    for (const level of hidden as readonly LineLevel[]) assert.ok(!isShown(level, setting))
  })
}

for (const text of ['', '7 4 1', '7 4 1 x', '7 4 1 7 9', '7.5 4 1 7']) {
  test(`no setting: ${JSON.stringify(text)}`, () => assert.equal(parsePrintk(text), undefined))
}
