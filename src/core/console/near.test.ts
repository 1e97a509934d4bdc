import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GIB, MIB } from '../../base/units.ts'
import { createNearness, followRoom } from './near.ts'

/** @param looks `MS:MIB MS:MIB ...` */
function changesOf(looks: string, totalMib: number, isNear = false): string {
  const near = createNearness(isNear)
  const changes = looks.split(' ').flatMap((look) => {
    const [atMs = Number.NaN, roomMib = Number.NaN] = look.split(':').map(Number)
    const change = followRoom(near, atMs, roomMib * MIB, totalMib * MIB)
    return change === null ? [] : [`${change} ${atMs}`]
  })
  return changes.join(', ')
}

for (const [what, totalMib, looks, changes] of [
  ['a host at rest', 1000, '0:800 1000:790 2000:800', ''],
  ['above the line', 1000, '0:151 20:151 40:150', ''],
  ['below the line at once', 1000, '0:149', 'enter 0'],
  ['a slow leak', 1000, '0:160 1000:155 2000:149', 'enter 2000'],
  ['a fast leak, by its fall', 1000, '0:900 200:850 400:700', 'enter 400'],
  ['an allocation within a moment is no fall', 1000, '0:900 50:400', ''],
  ['a big host keeps 8 GiB, no more', 524_288, '0:8193 1000:8193 2000:8191', 'enter 2000'],
  ['over half a second after it rose', 1000, '0:100 100:300 599:300 600:300', 'enter 0, leave 600'],
  ['up, but not far enough', 1000, '0:100 100:249 1000:249 9000:250', 'enter 0'],
  ['a dip begins it anew', 1000, '0:100 100:300 500:240 700:300 1200:300', 'enter 0, leave 1200'],
  ['up, but it falls', 1000, '0:100 100:600 600:550 1100:500 1600:450', 'enter 0'],
  [
    'up, and some megabytes come and go',
    1000,
    '0:100 100:600 200:597 300:600 400:596 500:600 599:596 600:600',
    'enter 0, leave 600',
  ],
  ['near again', 1000, '0:100 100:300 700:300 800:140', 'enter 0, leave 700, enter 800'],
  ['what cannot be read', 1000, '0:100 100:NaN 200:100', 'enter 0'],
  ['no memory at all', 0, '0:0', ''],
] as const) {
  test(what, () => assert.equal(changesOf(looks, totalMib), changes))
}

test('a guard that goes on where it was near leaves, and does not enter again', () => {
  assert.equal(changesOf('0:100 100:400 600:400', 1000, true), 'leave 600')
})

for (const [what, roomBytes, pollMs] of [
  ['far above the line', 60 * GIB, 1000],
  ['4 GiB above it', 12 * GIB, 1000],
  ['1 GiB above it', 9 * GIB, 250],
  ['at it', 8 * GIB, 20],
  ['below it', 7 * GIB, 100],
] as const) {
  test(`looks again after ${pollMs} ms ${what}`, () => {
    const near = createNearness()
    followRoom(near, 0, roomBytes, 64 * GIB)
    assert.equal(near.nextPollMs, pollMs)
  })
}
