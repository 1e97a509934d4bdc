import assert from 'node:assert/strict'
import { test } from 'node:test'
import { membersOf } from './members.ts'
import { rowFixture } from './rows.fixture.ts'

test('a service has its processes, a cgroup those in it and below', () => {
  const own = rowFixture('process:1:1', { cgroup: '/a/b', serviceId: 'service:s' })
  const near = rowFixture('process:2:1', { cgroup: '/ab', serviceId: 'service:t' })
  const service = rowFixture('service:s', { kind: 'service', cgroup: '/a', serviceId: null })
  const rows = [own, near, service]
  const cgroup = (name: string) => rowFixture(`cgroup:${name}`, { kind: 'cgroup', name })
  assert.deepEqual(membersOf(rows, service), [own])
  assert.deepEqual(membersOf(rows, cgroup('/a')), [own])
  assert.deepEqual(membersOf(rows, cgroup('/')), [own, near])
  assert.deepEqual(membersOf(rows, own), [])
})
