/** @module A UART that is taken from printk and comes back in a guest with a real kernel. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { nodeFiles } from '../../lab/image/node.ts'
import { play, told } from './play.ts'
import { bundleProgram } from './plimsoll-files.ts'

const DETACH = join(import.meta.dirname, 'detach-uart.ts')
/** 200 lines of 100 bytes would take ten seconds at this speed. */
const BAUD = 19_200

test('6.1: a UART is given back without what was printed meanwhile', async (t) => {
  const run = await play(t, '6.1', async (kernel) => ({
    kernel,
    root: 'ext4',
    memoryMib: 1024,
    cpus: 2,
    consoles: [{ baud: BAUD }],
    sysctls: { 'kernel.printk': '4 4 1 7', 'kernel.printk_devkmsg': 'on' },
    files: [...(await nodeFiles()), await bundleProgram(DETACH, 'detach.mjs')],
    script: [
      // What a console that comes back would print: the level is asked when it is printed.
      `i=0; while [ $i -lt 200 ]; do echo "<4>old line $i ${'x'.repeat(80)}" > /dev/kmsg; i=$((i + 1)); done`,
      "echo '7 4 1 7' > /proc/sys/kernel/printk",
      'node /detach.mjs > /dev/ttyS2',
      'echo "<4>the line is back" > /dev/kmsg',
      'tell levels "\\"text\\":\\"$(cat /proc/sys/kernel/printk | tr "\\t" " ")\\""',
    ],
  }))
  if (run === null) return
  const { tookMs, ...rest } = told(run, 'detached')
  assert.deepEqual(rest, {
    event: 'detached',
    fault: null,
    left: 'detach',
    outcome: 'restored',
    again: 'changed',
    word: 'calm',
  })
  assert.ok(Number(tookMs) < 2_000, `${tookMs} ms`)
  assert.equal(told(run, 'levels').text, '7 4 1 7')
  const printed = run.consoles.flat().map(({ text }) => text)
  assert.ok(printed.some((text) => text.endsWith('the line is back')))
  assert.equal(printed.filter((text) => text.includes('old line')).length, 0)
})
