import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MIB } from '../../base/units.ts'
import { identityOf } from './choose.ts'
import { leakerFixture, memoryFixture, PLENTY } from './host.fixture.ts'
import type { Ladder, Look } from './ladder.ts'
import { climb, LADDER_DEFAULTS, NEW_LADDER } from './ladder.ts'
import type { HostMemory, Ranked, Step } from './records.ts'
import { judgeShortage } from './shortage.ts'

const leaker: Ranked = {
  candidate: leakerFixture(20, 8),
  by: 'leak',
  share: 1,
  isAvoided: false,
  why: 'it leaks',
}
const next: Ranked = { ...leaker, candidate: { ...leakerFixture(20, 6), pid: 201, name: 'next' } }

interface Seen {
  readonly atMs: number
  readonly memory?: Partial<HostMemory>
  readonly isGone?: boolean
  readonly ranking?: readonly Ranked[]
}

/** What is done at each look, told short. */
function play(
  looks: readonly Seen[],
  policy = LADDER_DEFAULTS,
): { told: string[]; ladder: Ladder } {
  let ladder = NEW_LADDER
  const told = looks.map(({ atMs, memory = {}, isGone = false, ranking }) => {
    const asked =
      ranking ?? [leaker, next].filter((one) => !ladder.stuck.has(identityOf(one.candidate)))
    const look: Look = {
      nowMs: atMs,
      shortage: judgeShortage(memoryFixture(memory)),
      choice: { ranking: asked, spared: [], pool: null },
      isGone,
      policy,
    }
    const decided = climb(ladder, look)
    ladder = decided.ladder
    return tell(decided.step)
  })
  return { told, ladder }
}

function tell(step: Step): string {
  return 'victim' in step ? `${step.kind} ${step.victim.candidate.name}` : step.kind
}

const CASES: readonly (readonly [what: string, looks: readonly Seen[], told: readonly string[]])[] =
  [
    ['nothing while there is enough', [{ atMs: 0, memory: PLENTY }], ['none']],
    [
      'it is asked to end, ends, its memory comes back, and nobody else is touched',
      [
        { atMs: 0 },
        { atMs: 100 },
        { atMs: 200, isGone: true },
        { atMs: 300, memory: { availableBytes: 200 * MIB, fallBytesPerSec: 0 } },
        { atMs: 400, memory: { availableBytes: 200 * MIB, fallBytesPerSec: 0 } },
      ],
      ['term leaker', 'wait', 'wait', 'none', 'none'],
    ],
    [
      'who ignores SIGTERM is killed after the grace, though memory falls no further',
      [
        { atMs: 0 },
        { atMs: 4900, memory: { fallBytesPerSec: 3 * MIB } },
        { atMs: 5000, memory: { fallBytesPerSec: 3 * MIB } },
        { atMs: 5100, memory: { fallBytesPerSec: 3 * MIB } },
      ],
      ['term leaker', 'wait', 'kill leaker', 'wait'],
    ],
    [
      'who ignores SIGTERM is killed sooner where there is no time left',
      [{ atMs: 0 }, { atMs: 100, memory: { fallBytesPerSec: 200 * MIB } }],
      ['term leaker', 'kill leaker'],
    ],
    [
      'a leak as fast as that is not asked first',
      [{ atMs: 0, memory: { fallBytesPerSec: 200 * MIB } }],
      ['kill leaker'],
    ],
    [
      'who gave back what was needed lives',
      [{ atMs: 0 }, { atMs: 6000, memory: PLENTY }, { atMs: 9000, memory: PLENTY }],
      ['term leaker', 'none', 'none'],
    ],
    [
      'slow teardown: no second one while memory comes back',
      [{ atMs: 0 }, { atMs: 100, isGone: true }, { atMs: 1900 }],
      ['term leaker', 'wait', 'wait'],
    ],
    [
      'what does not come back within two seconds was not enough',
      [{ atMs: 0 }, { atMs: 100, isGone: true }, { atMs: 2100, ranking: [next] }],
      ['term leaker', 'wait', 'term next'],
    ],
    [
      'one that does not die is said to be stuck, and the next is chosen',
      [{ atMs: 0 }, { atMs: 5000 }, { atMs: 9000 }, { atMs: 10_000 }, { atMs: 10_100 }],
      ['term leaker', 'kill leaker', 'wait', 'stuck leaker', 'term next'],
    ],
    ['where nobody may go, that is said', [{ atMs: 0, ranking: [] }], ['nobody']],
  ]

for (const [what, looks, expected] of CASES) {
  test(what, () => assert.deepEqual(play(looks).told, expected))
}

test('beyond the budget it only warns, until an hour is over', () => {
  const policy = { ...LADDER_DEFAULTS, killsPerHour: 1 }
  const { told } = play(
    [
      { atMs: 0 },
      { atMs: 100, isGone: true },
      { atMs: 3000, ranking: [next] },
      { atMs: 3_600_000, ranking: [next] },
    ],
    policy,
  )
  assert.deepEqual(told, ['term leaker', 'wait', 'spent', 'term next'])
})

test('where a pool has the memory nobody is ended', () => {
  const { step } = climb(NEW_LADDER, {
    nowMs: 0,
    shortage: judgeShortage(memoryFixture()),
    choice: {
      ranking: [leaker],
      spared: [],
      pool: { name: 'tmpfs and shared memory', bytes: 300 * MIB, grown: [0, 0, 0] },
    },
    isGone: false,
    policy: LADDER_DEFAULTS,
  })
  assert.equal(step.kind, 'nobody')
  assert.match(
    'reason' in step ? step.reason : '',
    /300 MiB of it are tmpfs and shared memory, which no process gives back/,
  )
})
