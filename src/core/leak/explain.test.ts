import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LimitRow } from '../wire/records.ts'
import { explainReason, explainVerdict } from './explain.ts'
import type { Verdict } from './records.ts'

const VERDICT: Verdict = {
  state: 'confirmed',
  reason: 'rises-steadily',
  levelBytes: 1_048_576,
  rateBytesPerSec: 1_048_576,
  rateLowBytesPerSec: 1_048_576,
  rateHighBytesPerSec: 1_048_576,
  sinceSec: 0,
  confirmedAtSec: 60,
  etaSec: 3_600,
  etaLowSec: 3_600,
  etaHighSec: 3_600,
  usedFraction: 0.2,
}

function say(changed: Partial<Verdict>, kind: LimitRow['kind'] | null): string {
  const limit = kind === null ? null : { kind }
  return explainVerdict(
    { ...VERDICT, ...changed },
    { kind: 'process', name: 'shop', pid: 7, limit },
  )
}

const CASES: readonly [changed: Partial<Verdict>, kind: LimitRow['kind'] | null, said: RegExp][] = [
  [{}, 'heap-option', /, 60 min left until its heap limit: it rises steadily/],
  [{}, 'host', /, 60 min left until the host has none: it rises steadily/],
  [{}, null, /, 60 min left: it rises steadily/],
  [{ etaSec: null }, 'cgroup', /, no end in sight: it rises steadily/],
  [{ reason: 'fills-fast' }, 'rlimit-as', /left: it fills its address space limit within minutes$/],
  [{ reason: 'fills-fast' }, 'host', /left: it fills what the host has left within minutes$/],
  [
    { state: 'suspected' },
    'cgroup',
    /20 % of what was free below its cgroup's limit is used: it r/,
  ],
  [{ state: 'suspected' }, 'host', /20 % of what the host had left is used: it rises/],
  [{ state: 'suspected' }, null, /20 % of what was free is used: it rises/],
  [{ state: 'growing', reason: 'slows-down' }, 'own-size', /a bound below its own size$/],
]

for (const [changed, kind, said] of CASES) {
  test(`a sentence names the limit: ${JSON.stringify(changed)} ${kind}`, () => {
    assert.match(say(changed, kind), said)
  })
}

test('growth says what is waited for, and no time that may be over', () => {
  assert.equal(
    explainReason('young-growth', { kind: 'heap-option' }),
    'too little of its heap limit is used yet to tell a leak from a cache',
  )
})
