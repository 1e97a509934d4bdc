import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { changeQuery, parseRoute, subjectPath } from './route.ts'

for (const [path, expected] of [
  ['/', { page: 'host' }],
  ['/suspects', { page: 'suspects' }],
  ['/all', { page: 'all' }],
  ['/events', { page: 'events' }],
  ['/console', { page: 'console' }],
  ['/oom', { page: 'oom' }],
  ['/subjects/service%3Anginx.service', { page: 'subject', id: 'service:nginx.service' }],
  ['/subjects/cgroup%3A%2Fa%20b', { page: 'subject', id: 'cgroup:/a b' }],
  ['/subjects/', { page: 'unknown', path: '/subjects/' }],
  ['/subjects/a/b', { page: 'unknown', path: '/subjects/a/b' }],
  ['/subjects/%ff', { page: 'unknown', path: '/subjects/%ff' }],
  ['/SUSPECTS', { page: 'unknown', path: '/SUSPECTS' }],
] as const) {
  test(`${path} is the page ${expected.page}`, () => assert.deepEqual(parseRoute(path), expected))
}

test('every subject has an address that leads back to it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (id) => {
      assert.deepEqual(parseRoute(subjectPath(id)), { page: 'subject', id })
    }),
  )
})

for (const [search, changes, expected] of [
  ['', { q: 'a b' }, '?q=a+b'],
  ['?q=x&sort=size', { q: null }, '?sort=size'],
  ['?q=x', { q: '' }, ''],
  ['?q=x', { q: 'y', kind: 'tmpfs' }, '?q=y&kind=tmpfs'],
] as const) {
  test(`${search || 'no query'} with ${JSON.stringify(changes)}`, () => {
    assert.equal(changeQuery(search, changes), expected)
  })
}
