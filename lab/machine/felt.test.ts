import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ConsoleLine } from './console-text.ts'
import { findReports, longestStallMs } from './felt.ts'

function linesOf(...texts: readonly string[]): readonly ConsoleLine[] {
  return texts.map((text, i) => ({ atMs: 10 * i, text, wireBytes: text.length + 2 }))
}

const HEADER = '[    8.4] leaker invoked oom-killer: gfp_mask=0x140dca, order=0, oom_score_adj=0'
const FRAME = '[    8.4]  ? __pte_offset_map+0x1b/0x180'
const KILLED = '[   13.1] Out of memory: Killed process 148 (leaker) total-vm:443388kB'

test('a report goes from who asked to who was killed, and notices of stalls are told apart', () => {
  const notice = '[   10.0] rcu: INFO: rcu_preempt self-detected stall on CPU'
  const [report, ...others] = findReports(
    linesOf('boot', HEADER, FRAME, 'Mem-Info:', notice, KILLED, 'after', FRAME),
  )
  assert.deepEqual(others, [])
  assert.deepEqual(report, {
    lines: 4,
    bytes: HEADER.length + FRAME.length + KILLED.length + 'Mem-Info:'.length + 8,
    unsureLines: 1,
    foreignLines: 1,
    foreignBytes: notice.length + 2,
    fromMs: 10,
    toMs: 50,
  })
})

test('a report that breaks off ends where the next begins, or the console', () => {
  const reports = findReports(linesOf(HEADER, 'Mem-Info:', HEADER, KILLED, HEADER))
  assert.deepEqual(
    reports.map((report) => report.lines),
    [2, 2, 1],
  )
})

test('notices of a late clock within a report are none of its lines', () => {
  const notices = [
    "[   15.1] clocksource: timekeeping watchdog on CPU1: Marking clocksource 'tsc' as unstable because the skew is too large:",
    '[   15.2] tsc: Marking TSC unstable due to clocksource watchdog',
    "[   15.3] TSC found unstable after boot, most likely due to broken BIOS. Use 'tsc=unstable'.",
    '[   15.4] sched_clock: Marking unstable (15943438248, -47540797)<-(16035629591, -139728515)',
  ]
  const [report] = findReports(linesOf(HEADER, 'Mem-Info:', ...notices, KILLED))
  assert.deepEqual([report?.lines, report?.foreignLines], [3, 4])
})

test('no report, no stall', () => {
  assert.deepEqual(findReports(linesOf('boot', 'more')), [])
  assert.equal(longestStallMs([], 'heartbeat'), 0)
})

test('the longest stall is that of the name asked for', () => {
  const stall = (name: string, lastedMs: number) => ({ event: 'stall', name, lastedMs })
  const events = [stall('heartbeat', 120), stall('probe', 900), stall('heartbeat', 4765.4)]
  assert.equal(longestStallMs(events, 'heartbeat'), 4765.4)
})

/**
 * The incident on 6.1.0-56 with 200 tasks at 19200 baud, most of them cut out, with
 * `rcupdate.rcu_cpu_stall_timeout=3` and a shell that reads /proc/uptime for ever, so that there is a
 * grace period to be late. `=` marks the report's own lines, `!` those of the notices of stalls.
 */
const MARKED = readFileSync(join(import.meta.dirname, 'felt.fixture.txt'), 'utf8')
  .trimEnd()
  .split('\n')

test('notices of stalls within a real report are told apart with their whole traces', () => {
  const marks = MARKED.map((line) => line[0])
  assert.ok(marks.filter((mark) => mark === '!').length > 100)
  const lines = linesOf(...MARKED.map((line) => line.slice(2)))
  const [report, ...others] = findReports(lines)
  assert.deepEqual(others, [])
  assert.equal(report?.lines, marks.filter((mark) => mark === '=').length)
  assert.equal(report?.foreignLines, marks.filter((mark) => mark === '!').length)
})

test('each line of such a notice is known as one by itself', () => {
  const wrong = MARKED.filter((line) => line.startsWith('!')).filter((line) => {
    const [report] = findReports(linesOf(HEADER, '[    9.0] Mem-Info:', line.slice(2), KILLED))
    return report?.foreignLines !== 1
  })
  assert.deepEqual(wrong, [])
})
