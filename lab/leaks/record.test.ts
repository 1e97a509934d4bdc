import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MIB } from '../../src/base/units.ts'
import { parseManifestLine } from '../../src/core/leak/manifest.ts'
import { endTraceText, feedTraceText, openTraceParser } from '../../src/core/leak/trace-csv.ts'
import { observationOf, rowAt } from './observation.fixture.ts'
import { encodeManifestLine, encodeTrace } from './record.ts'

test('a recorded trace is read back as it was seen; what was not readable is an empty cell', () => {
  const rows = [rowAt(0, MIB), { ...rowAt(0.5, 2 * MIB), fds: NaN }]
  const read: object[] = []
  const parser = openTraceParser((row) => read.push({ ...row }))
  assert.equal(feedTraceText(parser, encodeTrace(rows)), null)
  assert.equal(endTraceText(parser), null)
  assert.deepEqual(read, rows)
})

test('a line of the manifest is what plimsoll detect reads, with the truth beside it', () => {
  const seen = { ...observationOf('leak-worker', () => MIB), startsSec: [6.5, 18] }
  const line = encodeManifestLine(seen)
  const parsed = parseManifestLine(line)
  assert.ok(parsed.ok)
  assert.deepEqual(parsed.value, {
    file: 'leak-worker.csv.gz',
    headroomBytes: seen.headroomBytes,
    sampleSec: 0.5,
    startsSec: [6.5, 18],
  })
  assert.deepEqual(JSON.parse(line).truth, {
    leaking: true,
    kind: 'anon',
    rate_bytes_per_s: seen.truth.rateBytesPerSec,
    onset_s: 0,
  })
})

test('a leak of descriptors is no leak of memory', () => {
  const { truth } = JSON.parse(encodeManifestLine(observationOf('leak-fds', () => MIB)))
  assert.deepEqual(truth, { leaking: false, kind: 'fds', rate_bytes_per_s: null, onset_s: null })
})
