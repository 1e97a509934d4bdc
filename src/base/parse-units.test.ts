import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseDurationMs, parseSizeBytes } from './parse-units.ts'

for (const [text, sizeBytes] of [
  ['256MiB', 268_435_456],
  ['1.5 GiB', 1_610_612_736],
  ['0B', 0],
  ['512M', 536_870_912],
  ['2G', 2_147_483_648],
  ['64K', 65_536],
  ['0.5T', 549_755_813_888],
  ['256MB', undefined],
  ['256m', undefined],
  ['1P', undefined],
  ['256mib', undefined],
  ['256', undefined],
  ['-1MiB', undefined],
  ['1MiB ', undefined],
  ['1e3MiB', undefined],
  ['constructor', undefined],
] as const) {
  test(`the size "${text}" is ${sizeBytes}`, () => assert.equal(parseSizeBytes(text), sizeBytes))
}

for (const [text, durationMs] of [
  ['500ms', 500],
  ['1s', 1000],
  ['0.5s', 500],
  ['2min', 120_000],
  ['1 h', 3_600_000],
  ['1d', 86_400_000],
  ['1m', undefined],
  ['1', undefined],
  ['s', undefined],
  ['', undefined],
] as const) {
  test(`the duration "${text}" is ${durationMs}`, () => {
    assert.equal(parseDurationMs(text), durationMs)
  })
}
