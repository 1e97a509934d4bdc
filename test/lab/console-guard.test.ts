/** @module The adaptive console in a guest with a real kernel, a slow line and an OOM. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { feltOf, groupGuest, hostGuest, TASKS } from '../../bench/console-guard/guest.ts'
import { play } from './play.ts'

/** Without the guard the same scene takes 12 s: the report's bytes at 19,200 baud. */
const REPORT_MS = 12_000

for (const run of [1, 2, 3]) {
  test(`6.1: an OOM report stops nobody, and is whole in the kernel's log (run ${run})`, async (t) => {
    const played = await play(t, '6.1', (kernel) => hostGuest(kernel, true))
    if (played === null) return
    const felt = feltOf(played)
    const said = JSON.stringify(felt)
    // Far from both: a busy machine is slow, and a report on the line is far slower.
    assert.ok((felt.longestMs.bystander ?? Infinity) < REPORT_MS / 8, said)
    assert.deepEqual([felt.headers, felt.kills, felt.summaryLines], [1, 1, 2], said)
    assert.ok(felt.wireBytes < 1024, said)
    assert.equal(felt.reports, 1, said)
    assert.ok((felt.rows[0] ?? 0) >= TASKS, said)
    assert.equal(felt.levelsAtEnd, '7 4', said)
  })
}

test('6.1: two containers at their limits stop nobody', async (t) => {
  const played = await play(t, '6.1', (kernel) => groupGuest(kernel, true))
  if (played === null) return
  const felt = feltOf(played)
  const said = JSON.stringify(felt)
  assert.ok(felt.reports >= 2, said)
  assert.equal(felt.headers, felt.reports, said)
  assert.ok(felt.wireBytes < 1024 * felt.reports, said)
  assert.equal(felt.levelsAtEnd, '7 4', said)
})
