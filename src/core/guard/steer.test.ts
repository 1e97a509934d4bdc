import assert from 'node:assert/strict'
import { test } from 'node:test'
import { candidateFixture, leakerFixture } from './host.fixture.ts'
import type { Candidate } from './records.ts'
import { NO_RULES, parseRule } from './rules.ts'
import { planSteering, STEERED_ADJ } from './steer.ts'

const OPTIONS = { rules: NO_RULES, own: new Set([9]) }
const leaker = leakerFixture(1, 100)

for (const [what, candidate, isRaised] of [
  ['a confirmed leaker', leaker, true],
  ['one whose adjustment is lower', { ...leaker, oomScoreAdj: -500 }, true],
  ['one that comes first anyhow', { ...leaker, oomScoreAdj: 1000 }, false],
  ['one whose adjustment may not be read', { ...leaker, oomScoreAdj: null }, false],
  ['one whose owner has set -1000', { ...leaker, oomScoreAdj: -1000 }, false],
  ['the guard itself', { ...leaker, pid: 9 }, false],
  ['who does not leak', candidateFixture('steady'), false],
] as readonly (readonly [string, Candidate, boolean])[]) {
  test(`${what} is ${isRaised ? '' : 'not '}steered`, () => {
    assert.equal(planSteering([candidate], [], OPTIONS).raise.length, isRaised ? 1 : 0)
  })
}

test('what the owner protects is never steered', () => {
  const parsed = parseRule('name=leaker')
  assert.ok(parsed.ok)
  const rules = { ...NO_RULES, protect: [parsed.value] }
  assert.deepEqual(planSteering([leaker], [], { ...OPTIONS, rules }).raise, [])
})

test('who was steered is so once, and gets its own back when the leak is taken back', () => {
  const { pid, startTicks } = leaker
  const steered = [{ pid, startTicks, foundAdj: 0 }]
  const still = { ...leaker, oomScoreAdj: STEERED_ADJ }
  assert.deepEqual(planSteering([still], steered, OPTIONS), { raise: [], restore: [] })
  const over = { ...still, verdict: candidateFixture('any').verdict }
  assert.deepEqual(planSteering([over], steered, OPTIONS).restore, steered)
  // Another process that has its pid now is not its heir.
  const another = { ...over, startTicks: startTicks + 1 }
  assert.deepEqual(planSteering([another], steered, OPTIONS).restore, [])
})
