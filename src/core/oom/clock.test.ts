import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readReports } from './read.ts'

const HEADER = 'a invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0'

const cases: readonly (readonly [prefix: string, text: string | null])[] = [
  ['', null],
  ['[   33.932118] ', null],
  ['<4>[   33.932118] ', null],
  ['[Di Aug 12 03:54:03 2025] ', 'Di Aug 12 03:54:03 2025'],
  ['[dim. 19 avril 18:03:30 2026] ', 'dim. 19 avril 18:03:30 2026'],
  ['Jun 20 12:46:47 db1 kernel: [15180285.537297] ', 'Jun 20 12:46:47'],
  ['2023-05-01T10:00:00.123456+02:00 db1 kernel: ', '2023-05-01T10:00:00.123456+02:00'],
  ['<4>1 2023-05-01T10:00:00Z db1 kernel - - - ', '2023-05-01T10:00:00Z'],
  ['2023/05/01 10:00:00 ', '2023/05/01 10:00:00'],
]
for (const [prefix, text] of cases) {
  test(`the time of ${JSON.stringify(prefix)}`, () => {
    const [report] = readReports(`${prefix}${HEADER}`)
    assert.equal(report?.clockText, text)
  })
}
