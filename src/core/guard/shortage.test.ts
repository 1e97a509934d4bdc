import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GIB, MIB } from '../../base/units.ts'
import { memoryFixture } from './host.fixture.ts'
import type { HostMemory, Severity } from './records.ts'
import { judgeShortage } from './shortage.ts'

const CASES: readonly (readonly [string, Partial<HostMemory>, Severity])[] = [
  ['half is left', { availableBytes: 256 * MIB, fallBytesPerSec: 0 }, 'calm'],
  ['half is left and falls', { availableBytes: 256 * MIB }, 'calm'],
  [
    'half is left for two seconds',
    { availableBytes: 256 * MIB, fallBytesPerSec: 128 * MIB },
    'near',
  ],
  ['an eighth is left and stands', { availableBytes: 64 * MIB, fallBytesPerSec: 0 }, 'near'],
  [
    'an eighth is left for less than a second',
    { availableBytes: 64 * MIB, fallBytesPerSec: 100 * MIB },
    'critical',
  ],
  [
    'a small machine that always has so little',
    { availableBytes: 45 * MIB, fallBytesPerSec: 0 },
    'near',
  ],
  ['... and falls', { availableBytes: 45 * MIB, fallBytesPerSec: 10 * MIB }, 'critical'],
  [
    '... and stands still',
    { availableBytes: 45 * MIB, fallBytesPerSec: 0, psiFullPct: 30 },
    'critical',
  ],
  ['next to nothing is left', { availableBytes: 10 * MIB, fallBytesPerSec: 0 }, 'critical'],
  [
    'pressure without a shortage, as of a group at its limit',
    { availableBytes: 256 * MIB, fallBytesPerSec: 0, psiFullPct: 100 },
    'calm',
  ],
  [
    'swap that is free',
    { availableBytes: 10 * MIB, swapFreeBytes: GIB, fallBytesPerSec: 0 },
    'calm',
  ],
  [
    'swap that is free, and thrash',
    { availableBytes: 10 * MIB, swapFreeBytes: GIB, fallBytesPerSec: 0, psiFullPct: 60 },
    'critical',
  ],
  ['a big host', { totalBytes: 512 * GIB, availableBytes: 10 * GIB, fallBytesPerSec: 0 }, 'calm'],
  ['figures that cannot be read', { availableBytes: Number.NaN, fallBytesPerSec: 0 }, 'calm'],
]

for (const [what, changed, expected] of CASES) {
  test(`${what}: ${expected}`, () => {
    assert.equal(judgeShortage(memoryFixture(changed)).severity, expected)
  })
}

test('it says what is left, and for how long', () => {
  const { why, neededBytes } = judgeShortage(memoryFixture({ psiFullPct: 25 }))
  assert.equal(why, '40.0 MiB left of 512 MiB, gone in 2.0 s, all stand still 25 % of the time')
  assert.ok(Math.abs(neededBytes - 36.8 * MIB) < MIB)
})
