import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { defaultConfigFile, readConfig } from './read.ts'

for (const [what, owner, file] of [
  ['root', { uid: 0, env: { HOME: '/root' } }, '/etc/plimsoll/plimsoll.toml'],
  ['a user', { uid: 1000, env: { HOME: '/home/a' } }, '/home/a/.config/plimsoll/plimsoll.toml'],
  [
    'a user who names the place',
    { uid: 1000, env: { HOME: '/home/a', XDG_CONFIG_HOME: '/c' } },
    '/c/plimsoll/plimsoll.toml',
  ],
  ['a user without a home', { uid: 1000, env: {} }, undefined],
] as const) {
  test(`the configuration of ${what} is ${file}`, () => {
    assert.equal(defaultConfigFile(owner), file)
  })
}

test('one file is read; none is fine unless it was named', (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-config-'))
  context.after(() => rmSync(directory, { recursive: true }))
  const owner = { uid: 1000, env: { XDG_CONFIG_HOME: directory } }
  assert.equal(readConfig(undefined, owner).file, null)

  mkdirSync(join(directory, 'plimsoll'))
  const file = join(directory, 'plimsoll/plimsoll.toml')
  writeFileSync(file, '[web]\nport = 9\n')
  const read = readConfig(undefined, owner)
  assert.deepEqual([read.file, read.config.web.port], [file, 9])

  writeFileSync(file, '[web]\nport = -1\nprot = 9\n')
  assert.throws(() => readConfig(undefined, owner), {
    code: 'PLM_CONFIG',
    message: /^2 faults in the configuration, nothing was started\n.*toml:2: .*\n.*toml:3: /,
  })

  const pipe = join(directory, 'pipe')
  execFileSync('mkfifo', [pipe])
  for (const [named, message] of [
    [pipe, /cannot be read: it is no regular file/],
    [join(directory, 'absent.toml'), /absent\.toml cannot be read: ENOENT/],
    [directory, /cannot be read: it is no regular file/],
    ['/dev/zero', /cannot be read: it is no regular file/],
  ] as const) {
    assert.throws(() => readConfig(named, owner), { code: 'PLM_CONFIG', message })
  }
  writeFileSync(file, `#${' '.repeat(1024 * 1024)}`)
  assert.throws(() => readConfig(file, owner), { message: /is larger than 1048576 bytes/ })
})
