import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clockTextOf } from './clock.ts'
import { stripTransport } from './transport.ts'

const TEXT = 'leaker invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0'

/** What stands before the kernel's text, with the uptime and caller that it tells. */
const PREFIXES: readonly (readonly [
  prefix: string,
  uptimeSec: number | null,
  caller: string | null,
])[] = [
  ['', null, null],
  ['[   33.932118] ', 33.932118, null],
  ['[121972.020000] ', 121972.02, null],
  ['[ 270.729527] ', 270.729527, null],
  ['[  246.610518][ T1778] ', 246.610518, 'T1778'],
  ['[  246.610518][    C0] ', 246.610518, 'C0'],
  ['<4>[76541.325574] ', 76541.325574, null],
  ['4,359,5038406,-;', 5.038406, null],
  ['6,19685342,241227987454,c,caller=T12845;', 241227.987454, 'T12845'],
  ['6.12.117,4,359,5038406,-,ncfrag=0/1234;', 5.038406, null],
  ['kern  :warn  : [   33.932118] ', 33.932118, null],
  ['[  +0.000001] ', null, null],
  ['[<    0.000001>] ', null, null],
  ['[Fri Sep 25 15:29:47 2020] ', null, null],
  ['2020-09-25T15:29:47,123456+00:00 ', null, null],
  ['[Di Aug 12 15:29:47 2025] ', null, null],
  ['[dim. 19 avril 18:03:30 2026] ', null, null],
  ['[2-3219.1870] ', 3219.187, null],
  ['Jun 20 12:47:02 db1 kernel: [15180285.537297] ', 15180285.537297, null],
  ['Jun 20 12:47:02 db1 kernel: ', null, null],
  ['Nov 12 15:15:41 kernel: ', null, null],
  ['jun 20 12:47:02 db1 kernel: ', null, null],
  ['2023-05-01T10:00:00.123456+02:00 db1 kernel: ', null, null],
  ['<4>1 2023-05-01T10:00:00Z db1 kernel - - - ', null, null],
  ['[15180285.537297] db1 kernel: ', 15180285.537297, null],
  ['> > [   33.932118] ', 33.932118, null],
  ['     [   33.932118] ', 33.932118, null],
]

for (const [prefix, uptimeSec, caller] of PREFIXES) {
  test(`what is taken off: ${JSON.stringify(prefix)}`, () => {
    assert.deepEqual(stripTransport(prefix + TEXT, 7), [
      {
        line: 7,
        text: TEXT,
        uptimeSec,
        caller,
        isStamped: prefix !== '',
        clockText: clockTextOf(prefix),
      },
    ])
  })
}

for (const between of ['#012', '\\x0a']) {
  test(`a record of several lines, kept in one by ${between}`, () => {
    const records = stripTransport(`[    1.000000] active_anon:1${between} free:2${between} x:3`, 1)
    assert.deepEqual(
      records.map(({ text, uptimeSec }) => [text, uptimeSec]),
      [
        ['active_anon:1', 1],
        [' free:2', 1],
        [' x:3', 1],
      ],
    )
  })
}

test('several records on one line are several', () => {
  const line = 'Creating journal: [   34.739137] mkfs invoked [   34.800000][ T1] Mem-Info:'
  assert.deepEqual(
    stripTransport(line, 1).map(({ text, uptimeSec }) => [text, uptimeSec]),
    [
      ['Creating journal:', null],
      ['mkfs invoked', 34.739137],
      ['Mem-Info:', 34.8],
    ],
  )
})

test('rows of the task table keep their brackets', () => {
  const row = '[   1234]     0  1234     1000      200    28672        5          -900 x'
  assert.equal(stripTransport(`[    1.000000] ${row}`, 1)[0]?.text, row)
  assert.equal(stripTransport(row, 1)[0]?.text, row)
})

test('bytes that no log should have are gone, and a line without an end is cut', () => {
  assert.equal(stripTransport('\uFEFFa\0b\u00a0c\r', 1)[0]?.text, 'ab c')
  assert.equal(stripTransport('x'.repeat(1e6), 1)[0]?.text.length, 4096)
})
