import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { SCORED_FAMILIES } from '../../lab/traces/scored/families.ts'
import { readDocument, renderDocument, table } from './markdown.ts'

test('a table is padded to its widest cells', () => {
  assert.equal(
    table(
      ['name', 'n'],
      [
        ['a', '1'],
        ['longer', '10'],
      ],
    ),
    ['| name   |   n |', '| ------ | --: |', '| a      |   1 |', '| longer |  10 |'].join('\n'),
  )
})

test('the document is what the command wrote, of the families that there were', () => {
  const document = readFileSync('docs/detection-bench.md', 'utf8')
  const report = readDocument(document)
  assert.equal(renderDocument(report), document)
  assert.deepEqual(
    report.families.map((row) => row.family),
    SCORED_FAMILIES.map(({ name }) => name),
  )
})
