import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readReports } from './read.ts'
import type { OomReport } from './records.ts'
import { TRANSPORTS } from './transports.fixture.ts'
import { factsOf, WHOLE } from './whole-reports.fixture.ts'

for (const { name, write } of TRANSPORTS) {
  test(`the facts are the same by way of: ${name}`, () => {
    for (const { file, records, facts } of WHOLE) {
      const reports = readReports(write(records))
      assert.equal(reports.length, 1, `${file}: ${reports.length} reports`)
      assert.deepEqual(factsOf(reports[0] as OomReport), facts, file)
    }
  })
}
