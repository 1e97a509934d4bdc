import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INCIDENT, LOUD, settingOf } from './host.ts'
import type { RemedyId } from './remedies.ts'
import { compareRemedies, REMEDY_IDS } from './remedies.ts'
import type { Setting } from './setting.ts'

const BASE: Setting = settingOf({ ...INCIDENT, seconds: 40 })

for (const [what, change, expected] of [
  ['a loud console', {}, REMEDY_IDS],
  [
    'no bulk and no warnings',
    { printk: { ...LOUD, consoleLevel: 4 } },
    ['none', 'level-3', 'detach'],
  ],
  [
    'no bulk',
    { printk: { ...LOUD, consoleLevel: 5, defaultLevel: 7 } },
    ['none', 'level-4', 'level-3', 'detach'],
  ],
  ['no leak', { leakers: 0 }, ['none']],
  [
    'a speed that is not known',
    {
      consoles: [
        {
          name: 'hvc0',
          kind: 'hypervisor',
          isSynchronous: true,
          cost: { from: 'unknown', why: 'nobody told' },
        },
      ],
    },
    ['none', 'default-level', 'level-4', 'level-3', 'no-table', 'adaptive'],
  ],
] as const satisfies readonly (readonly [string, Partial<Setting>, readonly RemedyId[]])[]) {
  test(`what helps is what makes it shorter: ${what}`, () => {
    const ids = compareRemedies({ ...BASE, ...change }).map(({ id }) => id)
    assert.deepEqual(ids, expected)
  })
}
