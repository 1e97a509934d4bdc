/**
 * @module Runs every program of lab/leaks, feeds what /proc shows to the detector and compares its
 * verdict with the truth: `npm run bench:leaks -- [NAME...] [--record DIR]`.
 */
import { parseArgs } from 'node:util'
import { explainMissingTool } from '../lab/leaks/build.ts'
import { CATALOGUE } from '../lab/leaks/catalogue.ts'
import { observeLeak } from '../lab/leaks/observe.ts'
import { parsePositive } from '../lab/leaks/options.ts'
import type { LeakProgram } from '../lab/leaks/program.ts'
import { openRecording, recordTrace } from '../lab/leaks/record.ts'
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
    // Programs tell their stories within two minutes of their own time.
    pace: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '40' },
    sample: { type: 'string', default: '0.5' },
    jobs: { type: 'string', default: '2' },
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
  console.error(`no program is named ${unknown.join(', ')}: node lab/leaks/run.ts --list`)
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
if (values.record !== undefined) openRecording(values.record)
console.log(`${waiting.length} programs, ${options.seconds} s each at pace ${options.pace}`)
console.log(renderRow(TITLES))

async function work(): Promise<void> {
  for (let program = waiting.shift(); program !== undefined; program = waiting.shift()) {
    const seen = await observeLeak(program.name, options)
    if (values.record !== undefined) recordTrace(values.record, seen)
    const judgement = judge(seen)
    judgements.push(judgement)
    console.log(renderRow(judgement.cells))
  }
}

await Promise.all(Array.from({ length: jobs }, work))
console.log(renderSummary(judgements))
for (const fault of findWrongTruths(judgements)) {
  console.error(fault)
  process.exitCode = 1
}
