import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GIB, MIB } from '../../base/units.ts'
import { choose } from './choose.ts'
import {
  candidateFixture,
  hostFixture,
  leakerFixture,
  memoryFixture,
  verdictFixture,
} from './host.fixture.ts'
import type { Candidate, Choice, HostState, Pool } from './records.ts'
import type { Rules } from './rules.ts'
import { NO_RULES, parseRule } from './rules.ts'
import { judgeShortage } from './shortage.ts'

function chooseFrom(host: HostState, rules: Rules = NO_RULES): Choice {
  const options = { rules, own: new Set([9]), skip: new Set<string>() }
  return choose(host, judgeShortage(host.memory), options)
}

function names({ ranking }: Choice): readonly string[] {
  return ranking.map(({ candidate, by }) => `${candidate.name} by ${by}`)
}

function rule(text: string) {
  const parsed = parseRule(text)
  assert.ok(parsed.ok)
  return parsed.value
}

const database = candidateFixture('database', { pid: 300, levelBytes: 200 * MIB })
/** Twenty MiB a second, seven seconds long, and no verdict yet. */
const young: Candidate = {
  ...leakerFixture(20, 7),
  name: 'young',
  verdict: verdictFixture({ state: 'growing', reason: 'young-growth' }),
}
const small = [1, 2, 3, 4, 5, 6].map((n) =>
  candidateFixture(`tab${n}`, { pid: 400 + n, levelBytes: 5 * MIB, oomScoreAdj: 300 }),
)
const leakers = [1, 2, 3, 4, 5, 6].map((n) => ({
  ...leakerFixture(4, 10 + n, 500 + n),
  name: `leaker${n}`,
}))

const CASES: readonly (readonly [what: string, host: HostState, expected: readonly string[]])[] = [
  [
    'a healthy process that is larger stays beside a confirmed leaker',
    hostFixture([database, leakerFixture(20, 8)]),
    ['leaker by leak', 'database by badness'],
  ],
  [
    'and beside one that is too young for a verdict',
    hostFixture([database, young], [140, 140, 140]),
    ['young by growth', 'database by badness'],
  ],
  [
    'six small processes with a raised adjustment come after six leakers, the largest leak first',
    hostFixture([...small, ...leakers]),
    [
      ...[6, 5, 4, 3, 2, 1].map((n) => `leaker${n} by leak`),
      ...[1, 2, 3, 4, 5, 6].map((n) => `tab${n} by badness`),
    ],
  ],
  [
    'a leaker that the kernel would spare is chosen all the same',
    hostFixture([database, { ...leakerFixture(20, 8), oomScoreAdj: -500 }]),
    ['leaker by leak', 'database by badness'],
  ],
  [
    'a cache that levelled off is not to blame for what it grew by',
    hostFixture([
      {
        ...young,
        name: 'cache',
        verdict: verdictFixture({ state: 'harmless', reason: 'warm-up' }),
      },
      { ...young, pid: 201, grown: [60 * MIB, 60 * MIB, 60 * MIB], levelBytes: 60 * MIB },
    ]),
    ['young by growth', 'cache by badness'],
  ],
  [
    'a slow leaker that explains enough goes before a burst',
    hostFixture([
      { ...leakerFixture(0.1, 600), levelBytes: 80 * MIB },
      candidateFixture('compiler', {
        pid: 600,
        levelBytes: 150 * MIB,
        grown: [150 * MIB, 150 * MIB, 150 * MIB],
      }),
    ]),
    ['leaker by leak', 'compiler by growth'],
  ],
  [
    'one that explains next to nothing does not',
    hostFixture([
      leakerFixture(0.01, 500),
      candidateFixture('compiler', {
        pid: 600,
        levelBytes: 150 * MIB,
        grown: [150 * MIB, 150 * MIB, 150 * MIB],
      }),
    ]),
    ['compiler by growth', 'leaker by badness'],
  ],
  [
    'where nobody is known to have grown, the kernel ranks',
    hostFixture(
      [database, candidateFixture('tab', { levelBytes: 60 * MIB, oomScoreAdj: 300 })],
      [0, 0, 0],
    ),
    ['tab by badness', 'database by badness'],
  ],
  [
    'what grew in the window in which memory went counts, not what grew before',
    hostFixture(
      [
        candidateFixture('early', { pid: 1001, levelBytes: 250 * MIB, grown: [0, 0, 250 * MIB] }),
        candidateFixture('late', {
          pid: 1002,
          levelBytes: 90 * MIB,
          grown: [90 * MIB, 90 * MIB, 90 * MIB],
        }),
      ],
      [90, 90, 340],
    ),
    ['late by growth', 'early by badness'],
  ],
  [
    'who gives next to nothing back is not asked',
    hostFixture([database, candidateFixture('tiny', { levelBytes: 0.2 * MIB })], [0, 0, 0]),
    ['database by badness'],
  ],
]

for (const [what, host, expected] of CASES) {
  test(what, () => {
    const choice = chooseFrom(host)
    assert.deepEqual(names(choice), expected)
    assert.equal(choice.pool, null)
  })
}

test('the reason has its figures', () => {
  const [first, second] = chooseFrom(hostFixture([database, young], [140, 140, 140])).ranking
  assert.equal(first?.why, 'it grew by 140 MiB in the last 10 s, 100 % of what memory lost')
  assert.equal(second?.why, 'it holds 200 MiB; it explains 0 % of what memory lost')
  const [leaker] = chooseFrom(hostFixture([leakerFixture(20, 8)])).ranking
  assert.equal(leaker?.why, 'it leaks +20.0 MiB/s and took 160 MiB in 8 s')
})

test('the owner prefers, avoids and protects', () => {
  const other = candidateFixture('other', {
    pid: 301,
    levelBytes: 190 * MIB,
    unit: 'other.service',
  })
  const rules: Rules = {
    protect: [rule('name=database')],
    prefer: [rule('unit=other.service')],
    avoid: [rule('name=leaker and uid=1000')],
  }
  const choice = chooseFrom(hostFixture([database, other, young, leakerFixture(20, 8)]), rules)
  assert.deepEqual(names(choice), ['other by owner', 'young by growth', 'leaker by leak'])
  assert.deepEqual(
    choice.spared.map(({ candidate, why }) => `${candidate.name}: ${why}`),
    ['database: its owner protects name=database'],
  )
})

const POOLS: readonly (readonly [
  what: string,
  pool: Pool,
  lost: readonly [number, number, number],
  isToBlame: boolean,
])[] = [
  [
    'tmpfs that took what was lost',
    { name: 'tmpfs and shared memory', bytes: 180 * MIB, grown: [150 * MIB, 150 * MIB, 150 * MIB] },
    [160, 160, 160],
    true,
  ],
  [
    'slab that holds most of a machine that nobody saw fill',
    { name: 'unreclaimable slab', bytes: 300 * MIB, grown: [0, 0, 0] },
    [0, 0, 0],
    true,
  ],
  [
    'tmpfs that stands while a process grows',
    { name: 'tmpfs and shared memory', bytes: 180 * MIB, grown: [0, 0, 0] },
    [140, 140, 140],
    false,
  ],
  [
    'a little slab',
    { name: 'unreclaimable slab', bytes: 20 * MIB, grown: [0, 0, 0] },
    [0, 0, 0],
    false,
  ],
]

for (const [what, pool, lost, isToBlame] of POOLS) {
  test(`${what}: ${isToBlame ? 'nobody is ended for it' : 'no excuse'}`, () => {
    const grower = lost[0] === 140 ? [young] : []
    const choice = chooseFrom(hostFixture([candidateFixture('shell'), ...grower], lost, [pool]))
    assert.equal(choice.pool?.name ?? null, isToBlame ? pool.name : null)
  })
}

test('what two pools took together is no fault of a process that took none of it', () => {
  const pools: readonly Pool[] = [
    { name: 'tmpfs and shared memory', bytes: GIB, grown: [80 * MIB, 80 * MIB, 80 * MIB] },
    { name: 'unreclaimable slab', bytes: GIB, grown: [90 * MIB, 90 * MIB, 90 * MIB] },
  ]
  const database = candidateFixture('database', { levelBytes: 200 * MIB })
  const grown = candidateFixture('build', { levelBytes: 90 * MIB, grown: [60 * MIB, 0, 0] })
  const chosen = chooseFrom(hostFixture([database], [200, 200, 200], pools))
  assert.equal(chosen.pool?.name, 'unreclaimable slab')
  const explained = chooseFrom(hostFixture([database, grown], [200, 200, 200], pools))
  assert.deepEqual([explained.pool, explained.ranking[0]?.candidate.name], [null, 'build'])
})

test('a leaker is ended even where a pool is large', () => {
  const pool: Pool = { name: 'huge pages', bytes: GIB, grown: [GIB, GIB, GIB] }
  const memory = memoryFixture({ totalBytes: 2 * GIB })
  const host = hostFixture([leakerFixture(20, 20)], [400, 400, 400], [pool], memory)
  assert.equal(chooseFrom(host).pool, null)
})
