import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseLdd } from './ldd.ts'

for (const [what, text, paths, missing] of [
  [
    'libraries, the loader, and what the kernel maps',
    '\tlinux-vdso.so.1 (0x00007fe289a8d000)\n' +
      '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007fe28953e000)\n' +
      '\t/lib64/ld-linux-x86-64.so.2 (0x00007fe289a8f000)\n',
    ['/lib/x86_64-linux-gnu/libc.so.6', '/lib64/ld-linux-x86-64.so.2'],
    [],
  ],
  ['one that is not there', '\tlibnone.so.1 => not found\n', [], ['libnone.so.1']],
  ['a static program', '\tstatically linked\n', [], []],
  ['nothing', '', [], []],
] as const) {
  test(`ldd: ${what}`, () => assert.deepEqual(parseLdd(text), { paths, missing }))
}
