/** @module What holds of the policy on any host, whatever it is shown. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MIB } from '../../base/units.ts'
import { LEAK_STATES } from '../leak/records.ts'
import { choose, identityOf } from './choose.ts'
import { candidateFixture, hostFixture, memoryFixture, verdictFixture } from './host.fixture.ts'
import type { Ladder } from './ladder.ts'
import { climb, NEW_LADDER } from './ladder.ts'
import { protectionOf } from './protect.ts'
import type { Candidate, Step } from './records.ts'
import type { Rules } from './rules.ts'
import { matchesGlob, NO_RULES, parseRule } from './rules.ts'
import { judgeShortage } from './shortage.ts'

const OWN = new Set([7])
const parsed = parseRule('name=kept')
const RULES: Rules = parsed.ok ? { ...NO_RULES, protect: [parsed.value] } : NO_RULES

const bytes = fc.integer({ min: 0, max: 512 }).map((mib) => mib * MIB)

const candidates = fc
  .uniqueArray(
    fc.record({
      pid: fc.integer({ min: 1, max: 60 }),
      name: fc.constantFrom('kept', 'a', 'sshd', 'login'),
      exe: fc.constantFrom(null, '/usr/sbin/sshd', '/opt/a', '/usr/lib/systemd/systemd'),
      uid: fc.constantFrom(null, 0, 33, 1000),
      oomScoreAdj: fc.constantFrom(null, -1000, -500, 0, 300, 1000),
      levelBytes: bytes,
      grown: fc.tuple(bytes, bytes, bytes),
      state: fc.constantFrom(...LEAK_STATES),
      rate: fc.option(fc.integer({ min: 0, max: 100 * MIB })),
    }),
    { selector: ({ pid }) => pid, maxLength: 12 },
  )
  .map((all) =>
    all.map(({ state, rate, ...one }): Candidate => {
      const verdict = verdictFixture({ state, rateBytesPerSec: rate, sinceSec: 900 })
      return candidateFixture(one.name, { ...one, verdict })
    }),
  )

const looks = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 10, max: 4000 }),
    availableBytes: bytes,
    fallBytesPerSec: bytes,
    isGone: fc.boolean(),
    lost: fc.tuple(bytes, bytes, bytes),
    candidates,
  }),
  { maxLength: 30 },
)

interface Done {
  readonly atMs: number
  readonly step: Step
  readonly roomBytes: number
}

function playAll(
  all: readonly (typeof looks extends fc.Arbitrary<infer Value> ? Value : never)[number][],
): Done[] {
  let ladder: Ladder = NEW_LADDER
  let nowMs = 0
  return all.map((seen) => {
    nowMs += seen.afterMs
    const memory = memoryFixture(seen)
    const shortage = judgeShortage(memory)
    const host = { ...hostFixture(seen.candidates, [0, 0, 0], [], memory), lost: seen.lost }
    const choice = choose(host, shortage, { rules: RULES, own: OWN, skip: ladder.stuck })
    const policy = { graceMs: 3000, killsPerHour: 4 }
    const decided = climb(ladder, { nowMs, shortage, choice, isGone: seen.isGone, policy })
    ladder = decided.ladder
    return { atMs: nowMs, step: decided.step, roomBytes: shortage.roomBytes }
  })
}

test('nobody who is protected is ever ended', () => {
  fc.assert(
    fc.property(looks, (all) => {
      for (const { step } of playAll(all)) {
        if (step.kind !== 'term' && step.kind !== 'kill') continue
        assert.equal(protectionOf(step.victim.candidate, OWN, RULES), null)
      }
    }),
  )
})

test('the same host has the same victim, in whatever order its processes are listed', () => {
  fc.assert(
    fc.property(candidates, fc.tuple(bytes, bytes, bytes), (all, lost) => {
      const host = { ...hostFixture(all), lost }
      const shortage = judgeShortage(host.memory)
      const order = (listed: readonly Candidate[]): readonly string[] =>
        choose({ ...host, candidates: listed }, shortage, {
          rules: RULES,
          own: OWN,
          skip: new Set(),
        }).ranking.map(({ candidate }) => identityOf(candidate))
      assert.deepEqual(order(all.toReversed()), order(all))
    }),
  )
})

test('a second one is chosen only after the first is gone and settled, stuck, or let go', () => {
  fc.assert(
    fc.property(looks, (all) => {
      let first: { readonly victim: Candidate; readonly roomBytes: number } | undefined
      let goneAtMs = Number.NaN
      let isBack = false
      playAll(all).forEach(({ step, atMs, roomBytes }, index) => {
        const seen = all[index]
        if (first !== undefined) {
          if (Number.isNaN(goneAtMs) && seen?.isGone) goneAtMs = atMs
          const backAtBytes = first.roomBytes + first.victim.levelBytes / 2
          isBack ||= !Number.isNaN(goneAtMs) && roomBytes >= backAtBytes
        }
        // It cannot die, or the danger is over: what comes next is a story of its own.
        if (step.kind === 'stuck' || step.kind === 'none') first = undefined
        if (step.kind !== 'term' && step.kind !== 'kill') return
        const { candidate } = step.victim
        if (first !== undefined && identityOf(first.victim) !== identityOf(candidate)) {
          assert.ok(isBack || atMs - goneAtMs >= 2000, `gone at ${goneAtMs}, next at ${atMs}`)
        }
        first = { victim: candidate, roomBytes }
        goneAtMs = Number.NaN
        isBack = false
      })
    }),
  )
})

test('no more are ended in an hour than the budget allows', () => {
  fc.assert(
    fc.property(looks, (all) => {
      const ended = playAll(all).filter(({ step }, index, done) => {
        if (step.kind === 'term') return true
        if (step.kind !== 'kill') return false
        // A kill after the term of the same one is one end.
        const before = done.slice(0, index).findLast((one) => 'victim' in one.step)?.step
        return !(
          before !== undefined &&
          before.kind === 'term' &&
          identityOf(before.victim.candidate) === identityOf(step.victim.candidate)
        )
      })
      assert.ok(ended.length <= 4)
    }),
  )
})

test('a glob is the regular expression that it stands for', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 })
  fc.assert(
    fc.property(
      text,
      fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 }),
      (glob, given) => {
        const pattern = new RegExp(`^${glob.replaceAll('*', '.*')}$`)
        assert.equal(matchesGlob(glob, given), pattern.test(given))
      },
    ),
  )
})
