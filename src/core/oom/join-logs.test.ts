import assert from 'node:assert/strict'
import { test } from 'node:test'
import { joinOomLogs } from './join-logs.ts'

const RECORDS = [
  '4,100,5000001,-;a invoked oom-killer: order=0',
  '4,101,5000002,-;Tasks state',
  '4,102,5000003,-;b invoked oom-killer: order=0',
  '3,103,5000004,-;Killed process 7 (a)',
  '3,104,5000005,-;Killed process 8 (b)',
]

const cases: readonly (readonly [what: string, parts: readonly string[][], whole: string[]])[] = [
  ['nothing', [], ['']],
  ['two reports that lie in each other', [RECORDS.slice(0, 4), RECORDS.slice(2)], RECORDS],
  ['two after each other', [RECORDS.slice(0, 2), RECORDS.slice(2)], RECORDS],
  [
    'without numbers nothing is known to be the same',
    [['Killed process 7 (a)'], ['Killed process 7 (a)']],
    ['Killed process 7 (a)', 'Killed process 7 (a)'],
  ],
]
for (const [what, parts, whole] of cases) {
  test(what, () => {
    assert.equal(joinOomLogs(parts.map((lines) => lines.join('\n'))), whole.join('\n'))
  })
}
