/** @module The analyser of logs, held to what is true by construction of logs of real kernels. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { explainReport } from '../../src/core/oom/explain.ts'
import { readReports } from '../../src/core/oom/read.ts'
import type { Fixture } from './fixture.ts'

const LOGS = join(import.meta.dirname, 'logs')
const fixtures: readonly Fixture[] = JSON.parse(readFileSync(join(LOGS, 'index.json'), 'utf8'))

for (const { name, ooms } of fixtures) {
  const files = [`${name}.log`, `${name}.console`].filter((file) => existsSync(join(LOGS, file)))
  assert.ok(files.length > 0, name)
  for (const file of files) {
    test(`${file} is explained as it was`, () => {
      const told = readReports(readFileSync(join(LOGS, file), 'utf8')).map((report, index) => {
        const { kind, verdict } = explainReport(report)
        return {
          kind,
          cause: verdict.cause,
          // Whom to name where nobody alone is to blame, is for the analyser to say.
          culprit: ooms[index]?.culprit === null ? null : verdict.culprit,
          isInnocent: verdict.verdict === 'innocent' || verdict.cause === 'many-processes',
          trigger: report.trigger?.comm,
          killed: [...new Set(report.killed.map(({ pid }) => pid))],
        }
      })
      const truths = ooms.map(({ kind, cause, culprit, isInnocent, trigger, killed }) => ({
        kind,
        cause,
        culprit,
        isInnocent,
        trigger,
        killed: killed.map(({ pid }) => pid),
      }))
      // Nothing of a report is on a console that is quiet.
      const isQuiet = file.endsWith('-quiet-console.console')
      assert.deepEqual(told, isQuiet ? [] : truths)
    })
  }
}
