import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { explainReport } from './explain.ts'
import { readReports } from './read.ts'
import type { OomKind } from './records.ts'

/** Logs of real kernels, whose truth is known since the lab made it: `npm run lab:fixtures`. */
const LOGS = join(import.meta.dirname, '../../../lab/scenarios/logs')

interface Truth {
  readonly kind: OomKind
  readonly triggers: readonly string[]
  readonly isInnocent: boolean | null
  readonly culprit: string | null
  readonly cause: string
  /** Who really asked in this run, and who was killed. */
  readonly trigger: string | null
  readonly constraint: string | null
  readonly killed: readonly { readonly pid: number; readonly name: string }[]
}

interface Entry {
  readonly name: string
  readonly ooms: readonly Truth[]
}

const entries: readonly Entry[] = JSON.parse(readFileSync(join(LOGS, 'index.json'), 'utf8'))

/** What is at fault at a group's limit is told more finely by the lab. */
function isSameCause(told: string, truth: Truth): boolean {
  return told === truth.cause || (truth.kind === 'memcg' && told === 'cgroup-limit')
}

for (const { name, ooms } of entries) {
  for (const kept of ['log', 'console']) {
    const path = join(LOGS, `${name}.${kept}`)
    if (!existsSync(path)) continue
    test(`${name} is explained from its ${kept} alone`, () => {
      const reports = readReports(readFileSync(path, 'latin1'))
      assert.equal(reports.length, ooms.length, 'reports')
      reports.forEach((report, i) => {
        const truth = ooms[i] as Truth
        const { kind, verdict } = explainReport(report)
        assert.equal(report.trigger?.comm ?? null, truth.trigger)
        assert.deepEqual(
          report.killed.map(({ pid, comm }) => [pid, comm]),
          truth.killed.map(({ pid, name: comm }) => [pid, comm]),
        )
        assert.equal(report.constraint, truth.constraint)
        assert.equal(kind, truth.kind)
        assert.equal(verdict.isInnocent, truth.isInnocent, verdict.reason)
        assert.ok(isSameCause(verdict.cause, truth), `${verdict.cause} for ${truth.cause}`)
      })
    })
  }
}
