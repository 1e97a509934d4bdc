import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { explainReport } from './explain.ts'
import { readReports } from './read.ts'

/** Real logs with truths that were read by hand. */
const CORPUS = join(import.meta.dirname, '../../../../shared/oomlogs')
const skip = existsSync(CORPUS) ? false : 'no logs beside the project'

interface Truth {
  readonly trigger?: string | null
  readonly tpid?: number | null
  readonly killed?: string | null
  readonly kpid?: number | null
  readonly anon_rss_kB?: number | null
  readonly memcg?: boolean | string | null
  readonly truncated: boolean | string
  readonly unaccounted_pages?: number
  readonly top?: readonly [string, number, number] | null
  readonly verdict_class: string
  readonly cause: string
  readonly accept: { readonly verdict_class: readonly string[]; readonly cause: readonly string[] }
  readonly innocent: boolean | null
  /** A truth of the file as a whole, not of one report. */
  readonly overall?: boolean
}

interface Entry {
  readonly file: string
  readonly truth: readonly Truth[]
}

const entries: readonly Entry[] =
  skip === false ? JSON.parse(readFileSync(join(CORPUS, 'index.json'), 'utf8')) : []

for (const { file, truth } of entries) {
  test(`the facts of ${file}`, () => {
    const reports = readReports(readFileSync(join(CORPUS, file), 'utf8'))
    const truths = truth.filter((each) => each.overall !== true)
    assert.equal(reports.length, truths.length, 'reports')
    truths.forEach((each, i) => {
      const report = reports[i]
      assert.ok(report !== undefined)
      const [killed] = report.killed
      assert.equal(report.trigger?.comm ?? null, each.trigger ?? null, 'trigger')
      if (each.tpid != null) assert.equal(report.trigger?.pid, each.tpid, 'pid of the trigger')
      assert.equal(killed?.comm ?? null, each.killed ?? null, 'killed')
      assert.equal(killed?.pid ?? null, each.kpid ?? null, 'pid of the killed')
      if (each.anon_rss_kB != null) assert.equal(killed?.anonRssKb, each.anon_rss_kB)
      const { kind, balance, topRss } = explainReport(report)
      if (typeof each.memcg === 'boolean') assert.equal(kind === 'memcg', each.memcg, 'memcg')
      if (each.unaccounted_pages !== undefined) {
        assert.equal(balance?.pages.unaccounted, each.unaccounted_pages, 'unaccounted')
      }
      if (each.top != null) assert.equal(topRss?.rss, each.top[2], 'largest by rss')
    })
  })

  test(`the verdict on ${file}`, () => {
    const reports = readReports(readFileSync(join(CORPUS, file), 'utf8'))
    truth
      .filter((each) => each.overall !== true)
      .forEach((each, i) => {
        const report = reports[i]
        assert.ok(report !== undefined)
        const { verdict } = explainReport(report)
        const classes = [each.verdict_class, ...each.accept.verdict_class]
        assert.ok(classes.includes(verdict.verdict), `${verdict.verdict} for ${classes.join(', ')}`)
        const causes = [each.cause, ...each.accept.cause]
        assert.ok(causes.includes(verdict.cause), `${verdict.cause} for ${causes.join(', ')}`)
        if (each.truncated === false && each.innocent !== null) {
          assert.equal(verdict.isInnocent, each.innocent, verdict.reason)
        }
      })
  })
}

test('the logs beside the project are there, or it is said that they are not', { skip }, () => {
  assert.ok(entries.length > 60)
})
