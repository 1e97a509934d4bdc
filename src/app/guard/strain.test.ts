import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GIB } from '../../base/units.ts'
import { HOST_FIXTURE } from '../../core/wire/rows.fixture.ts'
import { createStrain } from './strain.ts'

const PSI = { someAvg10Pct: 0, someAvg60Pct: 0, fullAvg60Pct: 0, someTotalUs: 0, fullTotalUs: 0 }

/** Each look: seconds, GiB left of 16, percent of the time in which nobody could go on. */
for (const [what, looks, expected] of [
  [
    'plenty',
    [
      [0, 8, 0],
      [1, 8, 0],
    ],
    [null, null],
  ],
  [
    'little left',
    [
      [0, 8, 0],
      [60, 1, 0],
      [61, 1, 0],
    ],
    [null, 'begins', null],
  ],
  [
    'little left, and then plenty',
    [
      [0, 1, 0],
      [60, 8, 0],
      [62, 8, 0],
    ],
    ['begins', null, 'ends'],
  ],
  [
    'waiting',
    [
      [0, 8, 3],
      [1, 8, 12],
      [2, 8, 5],
      [3, 8, 1],
    ],
    [null, 'begins', null, 'ends'],
  ],
] as const) {
  test(`memory is short by what is left and who waits: ${what}`, () => {
    const strain = createStrain()
    const changes = looks.map(([sec, left, waiting]) =>
      strain.follow({
        ...HOST_FIXTURE,
        bootMs: sec * 1000,
        memTotalBytes: 16 * GIB,
        memAvailableBytes: left * GIB,
        psi: { ...PSI, fullAvg10Pct: waiting },
      }),
    )
    assert.deepEqual(changes, expected)
  })
}
