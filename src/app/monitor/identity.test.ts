import assert from 'node:assert/strict'
import { test } from 'node:test'
import { identifyCgroup, identifyService } from './identity.ts'

const ID = '4f1a6a2c9be2d9d2d8f4b3a1c0e5f60718293a4b5c6d7e8f9012a3b4c5d6e7f8'
const UNNAMED = ID.replace('4f1a', 'beef')
const POD = '2c48913c-b29f-11e7-9350-020968147796'
const nameContainer = ({ id }: { readonly id: string }): string | undefined =>
  id === ID ? 'web' : undefined

for (const [what, cgroup, unitCgroup, program, expected] of [
  ['a unit', '/system.slice/nginx.service', '', 'nginx', ['nginx.service', 'nginx.service']],
  [
    'a unit that only the named hierarchy of version 1 tells',
    '/',
    '/system.slice/a.service',
    'x',
    ['a.service', 'a.service'],
  ],
  ['a container that only the memory hierarchy tells', `/docker/${ID}`, '/', 'x', ['web', 'web']],
  [
    'a container before the unit of its runtime',
    `/docker/${ID}`,
    '/system.slice/docker.service',
    'x',
    ['web', 'web'],
  ],
  [
    'a unit in a container',
    '',
    `/docker/${ID}/system.slice/ssh.service`,
    'x',
    ['web/ssh.service', 'web/ssh.service'],
  ],
  ['a container without a name', '', `/docker/${UNNAMED}`, 'x', ['beef6a2c9be2', 'beef6a2c9be2']],
  [
    'a container of a pod without a name',
    '',
    `/kubepods/burstable/pod${POD}/${UNNAMED}`,
    'node a.js',
    ['pod 2c48913c/node a.js', 'pod 2c48913c/node a.js'],
  ],
  [
    'a named container of a pod',
    '',
    `/kubepods/burstable/pod${POD}/${ID}`,
    'node a.js',
    ['web', 'web'],
  ],
  [
    'a unit of a user',
    '',
    '/user.slice/user-7.slice/user@7.service/app.slice/dbus.service',
    'x',
    ['user@7/dbus.service', 'user@7/dbus.service'],
  ],
  [
    'a program in a session, whatever its number',
    '/user.slice/user-7.slice/session-12.scope',
    '/user.slice/user-7.slice/session-12.scope',
    'node a.js',
    ['node a.js', 'node a.js@/user.slice/user-7.slice'],
  ],
  ['a program in a group of its own', '/batch', '/', 'job', ['job', 'job@/batch']],
  ['a program nowhere', '', '', 'job', ['job', 'job@']],
] as const) {
  test(`service of ${what}`, () => {
    const { name, key } = identifyService({ cgroup, unitCgroup, program }, nameContainer)
    assert.deepEqual([name, key], expected)
  })
}

test('a cgroup is told by its unit and container', () => {
  const path = `/docker/${ID}/system.slice/ssh.service`
  assert.deepEqual(identifyCgroup(path, nameContainer), { unit: 'ssh.service', container: 'web' })
  const unnamed = identifyCgroup(`/docker/${UNNAMED}`, nameContainer)
  assert.deepEqual(unnamed, { unit: null, container: 'beef6a2c9be2' })
  assert.deepEqual(identifyCgroup('/batch', nameContainer), { unit: null, container: null })
})
