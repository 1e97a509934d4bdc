import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findNearest } from './nearest.ts'

const KNOWN = ['interval', 'max_series', 'port', 'tls_cert', 'tls_key']

for (const [word, nearest] of [
  ['intervall', 'interval'],
  ['Interval', 'interval'],
  ['maxSeries', 'max_series'],
  ['prot', 'port'],
  ['tls-cert', 'tls_cert'],
  ['host', undefined],
  ['', undefined],
  ['p'.repeat(100_000), undefined],
] as const) {
  test(`nearest to "${word.slice(0, 20)}" is ${nearest}`, () => {
    assert.equal(findNearest(word, KNOWN), nearest)
  })
}
