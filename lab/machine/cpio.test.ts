import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { encodeCpio } from './cpio.ts'

const ARCHIVE = encodeCpio([
  { kind: 'device', path: 'dev/console', major: 5, minor: 1 },
  { kind: 'file', path: 'init', mode: 0o755, data: Buffer.from('#!/bin/sh\n') },
  { kind: 'file', path: 'etc/deep/er/file', mode: 0o644, data: Buffer.from('x') },
  { kind: 'link', path: 'bin/sh', target: 'busybox' },
])

test('parents come before their children, and the trailer ends it', () => {
  const names = [...ARCHIVE.toString('latin1').matchAll(/070701[0-9a-f]{104}([^\0]+)\0/g)].map(
    ([, name]) => name,
  )
  assert.deepEqual(names, [
    'bin',
    'dev',
    'etc',
    'etc/deep',
    'etc/deep/er',
    'dev/console',
    'init',
    'etc/deep/er/file',
    'bin/sh',
    'TRAILER!!!',
  ])
})

test('each header and each file begins at a multiple of four', () => {
  for (const { index } of ARCHIVE.toString('latin1').matchAll(/070701[0-9a-f]{104}/g)) {
    assert.equal(index % 4, 0)
  }
  assert.equal(ARCHIVE.length % 4, 0)
})

const reader = spawnSync('cpio', ['--version']).status === 0
test('cpio(1) reads it', {
  skip: reader ? false : 'cpio is not there (apt-get install cpio)',
}, () => {
  const { stdout, status } = spawnSync('cpio', ['-itv'], { input: ARCHIVE, encoding: 'utf8' })
  assert.equal(status, 0)
  assert.match(stdout, /^-rwxr-xr-x.* 10 .* init$/m)
  assert.match(stdout, /^crw-------.* 5, +1 .* dev\/console$/m)
  assert.match(stdout, /^lrwxrwxrwx.* bin\/sh -> busybox$/m)
})
