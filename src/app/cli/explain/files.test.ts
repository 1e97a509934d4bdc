import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { byAge, findLogs } from './files.ts'

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

test('a directory is all below it, each file once; journals are left out and told', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-logs-'))
  t.after(() => rmSync(root, { recursive: true }))
  mkdirSync(join(root, 'db/old'), { recursive: true })
  mkdirSync(join(root, 'journal/0123'), { recursive: true })
  for (const name of [
    'syslog',
    'syslog.1',
    'db/a.log',
    'db/old/b.log',
    'journal/0123/system.journal',
  ]) {
    writeFileSync(join(root, name), '')
  }
  symlinkSync('..', join(root, 'db/loop'))
  symlinkSync('../syslog', join(root, 'db/same'))
  symlinkSync('nowhere', join(root, 'broken'))
  symlinkSync('circle', join(root, 'circle'))
  assert.deepEqual(findLogs([root, '-', join(root, 'gone')]), {
    // By the name under which it is met first: db/same is syslog.
    files: [
      ...['db/a.log', 'db/old/b.log', 'db/same', 'syslog.1'].map((name) => join(root, name)),
      '-',
      join(root, 'gone'),
    ],
    leftOut: [{ path: join(root, 'journal/0123'), why: 'journals' }],
  })
})
