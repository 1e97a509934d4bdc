/**
 * @module Runs every program of lab/leaks, feeds what /proc shows to the detector, and to a peer, and
 * compares the verdicts with the truth: `npm run bench:leaks -- [NAME...] [--record DIR]`.
 */
import { parseArgs } from 'node:util'
import { explainMissingTool } from '../lab/leaks/build.ts'
import { CATALOGUE } from '../lab/leaks/catalogue.ts'
import { type Observation, observeLeak } from '../lab/leaks/observe.ts'
import { parsePositive } from '../lab/leaks/options.ts'
import type { LeakProgram } from '../lab/leaks/program.ts'
import { openRecording, recordTrace } from '../lab/leaks/record.ts'
import { PlimsollError } from '../src/base/errors.ts'
import { detectTrace } from '../src/core/leak/replay.ts'
import { detectByLeastSquares } from './detect/baselines/least-squares.ts'
import {
  findWrongTruths,
  type Judgement,
  judge,
  renderRow,
  renderSummary,
  TITLES,
} from './leaks-report.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    // By then each has told its story; three at once hold less than 3 GiB.
    pace: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '90' },
    sample: { type: 'string', default: '0.5' },
    jobs: { type: 'string', default: '3' },
    record: { type: 'string' },
  },
})

const options = {
  pace: parsePositive('--pace', values.pace),
  seconds: parsePositive('--seconds', values.seconds),
  sampleSec: parsePositive('--sample', values.sample),
}
const jobs = parsePositive('--jobs', values.jobs)
const unknown = positionals.filter((name) => !CATALOGUE.some((program) => program.name === name))
if (unknown.length > 0) {
  console.error(`no program is named ${unknown.join(', ')}: npm run leak -- --list`)
  process.exit(2)
}

function isWanted(program: LeakProgram): boolean {
  if (positionals.length > 0 && !positionals.includes(program.name)) return false
  const missing = explainMissingTool(program.language)
  if (missing === undefined) return true
  console.log(`skipped ${program.name}: ${missing}`)
  return false
}

const waiting = CATALOGUE.filter(isWanted)
const judgements: Judgement[] = []
/** The same observations under the rule that is in use everywhere. */
const byLeastSquares: Judgement[] = []
if (values.record !== undefined) openRecording(values.record)
console.log(`${waiting.length} programs, ${options.seconds} s each at pace ${options.pace}`)
console.log(renderRow(TITLES))

function show(seen: Observation): void {
  if (values.record !== undefined) recordTrace(values.record, seen)
  const judgement = judge(seen, detectTrace)
  judgements.push(judgement)
  byLeastSquares.push(judge(seen, detectByLeastSquares))
  console.log(renderRow(judgement.cells))
}

async function work(): Promise<void> {
  for (let program = waiting.shift(); program !== undefined; program = waiting.shift()) {
    try {
      show(await observeLeak(program.name, options))
    } catch (error) {
      // A host may lack what one program needs: room in /dev/shm, say.
      if (!(error instanceof PlimsollError)) throw error
      console.log(`skipped ${program.name}: ${error.message}`)
    }
  }
}

await Promise.all(Array.from({ length: jobs }, work))
console.log(renderSummary('Plimsoll', judgements))
console.log(renderSummary('least squares', byLeastSquares))
for (const fault of findWrongTruths(judgements)) {
  console.error(fault)
  process.exitCode = 1
}
