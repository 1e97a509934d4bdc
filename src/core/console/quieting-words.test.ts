import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GIB, MIB } from '../../base/units.ts'
import type { Quieting } from './quieting.ts'
import {
  explainPlan,
  explainQuiet,
  explainRestored,
  pauseAfterMs,
  summarize,
} from './quieting-words.ts'

const FOUND = { consoleLevel: 7, defaultLevel: 4 }
const BULK: Quieting = {
  remedy: 'bulk',
  set: { consoleLevel: 5, defaultLevel: 7 },
  loses: 'lines of level info on ttyS1',
}
const DETACH: Quieting = { remedy: 'detach', console: 'ttyS1', loses: 'all on ttyS1' }
const ROOM = { roomBytes: 120 * MIB, totalBytes: GIB }

for (const [said, expected] of [
  [
    explainPlan(BULK),
    'while an OOM is near, kernel.printk begins with 5 7; that loses lines of level info on ttyS1',
  ],
  [
    explainPlan(DETACH),
    'while an OOM is near, ttyS1 is taken from printk; that loses all on ttyS1',
  ],
  [
    explainPlan({ remedy: 'none', why: 'it is quiet' }),
    'nothing is done about consoles: it is quiet',
  ],
  [
    explainQuiet(BULK, FOUND, ROOM, null),
    'an OOM is near, with 120 MiB left of 1.0 GiB: kernel.printk begins with 5 7 in place of 7 4 until that is over',
  ],
  [
    explainQuiet(DETACH, FOUND, ROOM, '/a'),
    'cgroup /a may reach its limit between two looks: ttyS1 is taken from printk until that is over',
  ],
  [
    explainRestored(BULK, FOUND, 4200, 1),
    'kernel.printk begins with 7 4 again, after 4.2 s; the kernel killed 1 process meanwhile',
  ],
  [explainRestored(DETACH, FOUND, 900, 0), 'ttyS1 has kernel messages again, after 0.9 s'],
  [
    explainRestored(BULK, FOUND, 900, Number.NaN),
    'kernel.printk begins with 7 4 again, after 0.9 s',
  ],
] as const) {
  test(expected, () => assert.equal(said, expected))
}

test('the summary is short, ASCII and one record a line', () => {
  for (const plan of [BULK, DETACH]) {
    const lines = summarize(plan, 1e9, 1e6)
    assert.equal(lines.length, 2)
    assert.ok(lines.join('\n').length <= 512)
    for (const line of lines) assert.match(line, /^plimsoll: [ -~]+$/)
  }
})

for (const [what, baud, pauseMs] of [
  ['the driver default where none is said', null, 312.5],
  ['the slowest', 2400, 1250],
  ['never faster than the driver default', 115_200, 312.5],
] as const) {
  test(`a line of 100 bytes on the wire leaves three quarters of the time: ${what}`, () => {
    const lines = baud === null ? [] : [{ name: 'ttyS1', options: `${baud}n8` }]
    assert.equal(pauseAfterMs('x'.repeat(83), lines), pauseMs)
  })
}
