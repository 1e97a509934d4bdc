import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { createFeeder } from './feed.ts'
import { createLogReader, readReports } from './read.ts'
import type { OomReport } from './records.ts'

const LAB = join(import.meta.dirname, '../../../lab/scenarios/logs')
const LOG = readFileSync(join(LAB, '6.1-many-leakers.log'), 'utf8')
const NOISE = 'Jun 20 12:47:02 host sshd[7]: session 7 was killed by its user, uid=7\n'

interface Fed {
  readonly reports: readonly OomReport[]
  readonly lines: number
  readonly given: number
}

function feed(pieces: readonly string[]): Fed {
  const reports: OomReport[] = []
  let given = 0
  const reader = createLogReader((report) => reports.push(report))
  const feeder = createFeeder({
    ...reader,
    push(line, number) {
      given++
      reader.push(line, number)
    },
  })
  for (const piece of pieces) feeder.push(piece)
  feeder.end()
  return { reports, lines: feeder.lines(), given }
}

test('pieces cut anywhere give the reports of the whole text', () => {
  const cuts = fc.array(fc.integer({ min: 0, max: LOG.length }), { maxLength: 30 })
  const whole = readReports(LOG)
  assert.equal(whole.length, 3)
  fc.assert(
    fc.property(cuts, (unsorted) => {
      const at = [0, ...unsorted.sort((a, b) => a - b), LOG.length]
      const pieces = at.slice(1).map((end, i) => LOG.slice(at[i], end))
      assert.deepEqual(feed(pieces).reports, whole)
    }),
    { numRuns: 50 },
  )
})

test('noise is counted and not read, and numbers of lines are those of the log', () => {
  const noise = NOISE.repeat(30_000)
  const { reports, lines, given } = feed([noise, LOG, noise, noise])
  const whole = readReports(noise + LOG)
  assert.deepEqual(reports, whole)
  assert.equal(lines, 90_000 + LOG.split('\n').length - 1)
  assert.ok(given < 25_000, `${given} lines were read`)
})

test('a line without an end is cut, and what follows has its right number', () => {
  const long = `${'x'.repeat(100_000)}\n`
  const { reports, lines } = feed([long.slice(0, 30_000), long.slice(30_000), LOG])
  assert.equal(reports[0]?.firstLine, (readReports(LOG)[0]?.firstLine ?? 0) + 1)
  assert.equal(lines, LOG.split('\n').length)
})
