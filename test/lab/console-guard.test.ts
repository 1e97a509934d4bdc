/** @module The adaptive console in a guest with a real kernel, a slow line and an OOM, three times each. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { feltOf, longestOf } from '../../bench/console-guard/felt.ts'
import { guardGuest, TASKS } from '../../bench/console-guard/guest.ts'
import { play } from './play.ts'

const ROUNDS = 3
/** Without the guard the same scene takes 12 s: the report's bytes at 19,200 baud. */
const REPORT_MS = 12_000

test("6.1: an OOM report stops nobody, and is whole in the kernel's log", async (t) => {
  const played = await play(t, '6.1', (kernel) => guardGuest(kernel, 'guard', 'host', ROUNDS))
  if (played === null) return
  const felts = feltOf(played)
  assert.equal(felts.length, ROUNDS)
  for (const felt of felts) {
    const said = JSON.stringify(felt)
    // Far from both: a busy machine is slow, and a report on the line is far slower.
    assert.ok(longestOf(felt) < REPORT_MS / 8, said)
    assert.ok((felt.loudAfterMs ?? Infinity) < REPORT_MS / 4, said)
    assert.deepEqual([felt.headers, felt.kills, felt.summaryLines], [1, 1, 2], said)
    assert.ok(felt.wireBytes < 1024, said)
    assert.equal(felt.reports, 1, said)
    assert.ok((felt.rows[0] ?? 0) >= TASKS, said)
    assert.equal(felt.levelsAtEnd, '7 4', said)
  }
})

test('6.1: two containers at their limits stop nobody', async (t) => {
  const played = await play(t, '6.1', (kernel) => guardGuest(kernel, 'guard', 'groups', ROUNDS))
  if (played === null) return
  const felts = feltOf(played)
  assert.equal(felts.length, ROUNDS)
  for (const felt of felts) {
    const said = JSON.stringify(felt)
    assert.deepEqual(Object.keys(felt.longestMs).toSorted(), ['outside', 'same', 'second'], said)
    assert.ok(longestOf(felt) < REPORT_MS / 8, said)
    assert.ok(felt.reports >= 2, said)
    assert.deepEqual([felt.headers, felt.kills], [felt.reports, felt.reports], said)
    assert.ok(felt.wireBytes < 1024 * felt.reports, said)
    // Both are at their limits still.
    assert.equal(felt.levelsAtEnd, '5 7', said)
  }
  const stopped = played.events.find(({ event }) => event === 'stopped')
  assert.equal(stopped?.levels, '7 4')
})
