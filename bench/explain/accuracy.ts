/** @module How often `explain` is right over real logs with truths that were read by hand. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { explainReport } from '../../src/core/oom/explain.ts'
import { readReports } from '../../src/core/oom/read.ts'

const CORPUS = join(import.meta.dirname, '../../../shared/oomlogs')

interface Truth {
  readonly trigger?: string | null
  readonly killed?: string | null
  readonly kpid?: number | null
  readonly unaccounted_pages?: number
  readonly truncated: boolean | string
  readonly verdict_class: string
  readonly cause: string
  readonly accept: { readonly verdict_class: readonly string[]; readonly cause: readonly string[] }
  readonly innocent: boolean | null
  /** Of the file as a whole, not of one report. */
  readonly overall?: boolean
}

interface Entry {
  readonly file: string
  readonly truth: readonly Truth[]
}

export interface Score {
  right: number
  of: number
}

export type Scores = Record<
  'reports' | 'trigger' | 'victim' | 'verdict' | 'cause' | 'innocent' | 'unaccounted',
  Score
>

/** `undefined` where the logs are not beside the project. */
export function scoreCorpus(): { readonly files: number; readonly scores: Scores } | undefined {
  if (!existsSync(CORPUS)) return undefined
  const entries: readonly Entry[] = JSON.parse(readFileSync(join(CORPUS, 'index.json'), 'utf8'))
  const empty = (): Score => ({ right: 0, of: 0 })
  const scores: Scores = {
    reports: empty(),
    trigger: empty(),
    victim: empty(),
    verdict: empty(),
    cause: empty(),
    innocent: empty(),
    unaccounted: empty(),
  }
  const count = (name: keyof Scores, isRight: boolean): void => {
    scores[name].of++
    if (isRight) scores[name].right++
  }
  for (const { file, truth } of entries) {
    const truths = truth.filter((each) => each.overall !== true)
    const reports = readReports(readFileSync(join(CORPUS, file), 'utf8'))
    count('reports', reports.length === truths.length)
    truths.forEach((each, i) => {
      const report = reports[i]
      if (report === undefined) return
      const { verdict, balance } = explainReport(report)
      const [killed] = report.killed
      count('trigger', (report.trigger?.comm ?? null) === (each.trigger ?? null))
      count(
        'victim',
        (killed?.comm ?? null) === (each.killed ?? null) &&
          (killed?.pid ?? null) === (each.kpid ?? null),
      )
      count('verdict', [each.verdict_class, ...each.accept.verdict_class].includes(verdict.verdict))
      count('cause', [each.cause, ...each.accept.cause].includes(verdict.cause))
      if (each.truncated === false && each.innocent !== null) {
        count('innocent', verdict.isInnocent === each.innocent)
      }
      if (each.unaccounted_pages !== undefined) {
        count('unaccounted', balance?.pages.unaccounted === each.unaccounted_pages)
      }
    })
  }
  return { files: entries.length, scores }
}
