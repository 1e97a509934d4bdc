import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { HostConsole } from '../cost.ts'
import { sayParts, sentenceOf } from './explain.ts'
import { INCIDENT, LOUD, serialConsole, settingOf } from './host.ts'
import type { Setting } from './setting.ts'
import { simulate } from './simulate.ts'

const BASE: Setting = settingOf({ ...INCIDENT, seconds: 40 })

function unknown(name: string, kind: HostConsole['kind']): HostConsole {
  return { name, kind, isSynchronous: true, cost: { from: 'unknown', why: 'nobody told' } }
}

for (const [name, change, expected] of [
  [
    'a slow line',
    {},
    /^Who needs memory stands still for up to 12\.\d s: 1 leaking process, 1 OOM/,
  ],
  [
    'a slow line beside a screen',
    { consoles: [serialConsole(19_200, 0), unknown('tty0', 'screen')] },
    /^Who needs memory stands still for 12\.\d s, beside what tty0 may take: .* on ttyS0 and tty0\.$/,
  ],
  [
    "a hypervisor's console alone",
    { consoles: [unknown('hvc0', 'hypervisor')] },
    /^For how long who needs memory stands still is not known, since the speed of hvc0 is not/,
  ],
  [
    'the same where nothing is shown on it',
    { consoles: [unknown('hvc0', 'hypervisor')], printk: { ...LOUD, consoleLevel: 1 } },
    /^Nobody stands still for as long as 0\.1 s/,
  ],
  ['a screen alone', { consoles: [unknown('tty0', 'screen')] }, /^Nobody stands still/],
  [
    'none',
    { consoles: [] },
    /^Nobody stands still for as long as 0\.1 s: .* no console is waited for\.$/,
  ],
  ['no leak', { leakers: 0 }, /^Memory does not run out within 40 s: nothing leaks\.$/],
] as const satisfies readonly (readonly [string, Partial<Setting>, RegExp])[]) {
  test(`the sentence for ${name}`, () => {
    const setting = { ...BASE, ...change }
    assert.match(sentenceOf(setting, simulate(setting)), expected)
  })
}

test('parts are a list in words', () => {
  assert.equal(sayParts([]), 'nothing')
  assert.equal(sayParts(['kill']), 'kill line')
  assert.equal(sayParts(['header', 'stack', 'kill']), 'header, stack and kill line')
})
