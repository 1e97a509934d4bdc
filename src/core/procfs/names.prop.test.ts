import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseCgroupPath } from './cgroup-path.ts'
import { parseHeapOption } from './heap-option.ts'
import { nameProgram } from './program-name.ts'

const part = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom(
    'system.slice',
    'a.service',
    'user@7.service',
    'x.scope',
    'init.scope',
    'lxc',
    'docker',
  ),
  fc.constantFrom(`docker-${'a'.repeat(64)}.scope`, 'b'.repeat(64), 'machine-x.scope', '..', ''),
)

test('any path is read, and what is stable of it is a part of it', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const path = `/${parts.join('/')}`
      const { stablePath } = parseCgroupPath(path)
      assert.ok(path.startsWith(stablePath) || stablePath === '/')
      assert.deepEqual(parseCgroupPath(stablePath).stablePath, stablePath)
    }),
  )
})

test('of any arguments at most one is shown, and only its base name', () => {
  const args = fc.array(
    fc.oneof(fc.string(), fc.constantFrom('-c', '-m', '-e', 'a/b.js', '-jar')),
    {
      maxLength: 6,
    },
  )
  const exe = fc.constantFrom(
    '/usr/bin/node',
    '/bin/bash',
    '/usr/bin/python3',
    '/x/java',
    '/bin/cat',
  )
  fc.assert(
    fc.property(exe, args, (path, rest) => {
      const [program, ...script] = nameProgram(path, 'comm', ['x', ...rest]).split(' ')
      assert.equal(program, path.slice(path.lastIndexOf('/') + 1))
      assert.ok(script.length <= 1)
      assert.match(script[0] ?? '', /^[\w.@+$-]*$/)
      assert.doesNotThrow(() => parseHeapOption(rest))
    }),
  )
})
