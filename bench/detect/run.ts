/**
 * @module `npm run bench:detect`: the detector and the rules in use today over the scored families.
 * `-- --seeds N` traces a family, `--families a,b` of these alone, `--write` the document, `--check` it;
 * `--recorded DIR`: over traces of real programs instead, as `npm run bench:leaks -- --record DIR` and
 * `lab/traces/write.ts` write them.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { TraceFamily } from '../../lab/traces/labelled.ts'
import { chooseFamilies, parseSeeds } from '../../lab/traces/scored/choose.ts'
import { ERRORS, PlimsollError } from '../../src/base/errors.ts'
import type { Detect } from '../../src/core/leak/records.ts'
import { detectTrace } from '../../src/core/leak/replay.ts'
import { detectByCoroot } from './baselines/coroot.ts'
import { detectByLeastSquares } from './baselines/least-squares.ts'
import { detectByMannKendall } from './baselines/mann-kendall.ts'
import { detectByPrecog } from './baselines/precog.ts'
import { detectByPredictLinear } from './baselines/predict-linear.ts'
import { renderDocument, renderFigures } from './markdown.ts'
import { checkMeasures } from './measures.ts'
import { readRecorded } from './recorded.ts'
import { createReport, type FamilyRow, type Report, rowOf } from './report.ts'
import { type Outcome, scoreTrace } from './score.ts'

const DETECTORS: Readonly<Record<string, Detect>> = {
  Plimsoll: detectTrace,
  'least squares': detectByLeastSquares,
  Precog: detectByPrecog,
  'Mann-Kendall': detectByMannKendall,
  predict_linear: detectByPredictLinear,
  coroot: detectByCoroot,
}
const DOCUMENT = 'docs/detection-bench.md'
/** Ten traces of each family are more than five hundred. */
const SEEDS = 30

/** Runs all detectors over all traces, one trace in memory at a time. */
export function runBenchmark(families: readonly TraceFamily[], seeds: number): Report {
  const all = new Map<string, Outcome[]>(Object.keys(DETECTORS).map((name) => [name, []]))
  const table: FamilyRow[] = []
  let rows = 0
  for (const family of families) {
    const here = new Map<string, Outcome[]>(Object.keys(DETECTORS).map((name) => [name, []]))
    for (let seed = 1; seed <= seeds; seed++) {
      const labelled = family.make(seed)
      rows += labelled.trace.tSec.length
      for (const [name, detect] of Object.entries(DETECTORS)) {
        here.get(name)?.push(scoreTrace(labelled, detect(labelled.trace, labelled.spec)))
      }
    }
    for (const [name, outcomes] of here) all.get(name)?.push(...outcomes)
    table.push(rowOf(family, here))
  }
  return createReport(seeds, rows, table, all)
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      families: { type: 'string' },
      recorded: { type: 'string' },
      seeds: { type: 'string', default: String(SEEDS) },
      write: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
    },
  })
  const recorded = values.recorded === undefined ? null : await readRecorded(values.recorded)
  const report =
    recorded === null
      ? runBenchmark(chooseFamilies(values.families), parseSeeds(values.seeds))
      : runBenchmark(recorded, 1)
  console.log(renderFigures(report))
  if (recorded !== null) return
  if (values.write) writeFileSync(DOCUMENT, renderDocument(report))
  if (values.check && readFileSync(DOCUMENT, 'utf8') !== renderDocument(report)) {
    console.error(`${DOCUMENT} is not what this run gives: run it with --write`)
    process.exitCode = 1
  }
  const [ours] = report.detectors
  if (ours !== undefined && checkMeasures(ours.summary).some(({ isMet }) => !isMet)) {
    console.error('not all measures are met')
    process.exitCode = 1
  }
}

if (import.meta.main) {
  try {
    await main()
  } catch (error) {
    if (!(error instanceof PlimsollError)) throw error
    console.error(error.message)
    process.exitCode = ERRORS[error.code].exit
  }
}
