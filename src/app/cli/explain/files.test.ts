import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { byAge } from './files.ts'

const inOrder: readonly (readonly string[])[] = [
  ['syslog.10.gz', 'syslog.2.gz', 'syslog.1', 'syslog'],
  ['messages-20250101.gz', 'messages-20250108.xz', 'messages-20250115', 'messages'],
  ['auth.log.1', 'auth.log', 'kern.log.2.gz', 'kern.log.1', 'kern.log'],
  ['a.log', 'b.log', 'c.zst'],
]
for (const names of inOrder) {
  test(`oldest first: ${names.join(' ')}`, () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...names], { minLength: names.length }), (shuffled) => {
        assert.deepEqual(byAge(shuffled), names)
      }),
    )
  })
}
