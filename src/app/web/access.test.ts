import assert from 'node:assert/strict'
import { test } from 'node:test'
import { findForgery, hostNameOf, isLoopbackAddress, isOurHost } from './access.ts'

for (const [host, name] of [
  ['Example.com:8080', 'example.com'],
  ['[::1]:80', '::1'],
  ['[fe80::1]', 'fe80::1'],
  ['127.0.0.1', '127.0.0.1'],
  ['name:', 'name'],
  ['', ''],
] as const) {
  test(`the name in "${host}" is "${name}"`, () => assert.equal(hostNameOf(host), name))
}

test('only names of ours and addresses are ours', () => {
  const allowed = ['monitor.example']
  for (const host of ['localhost:1', '10.0.0.7', '[::1]', 'MONITOR.example:443']) {
    assert.ok(isOurHost(host, allowed), host)
  }
  for (const host of ['evil.example', '127.0.0.1.evil.example', 'localhost.evil', '1.2.3', '']) {
    assert.ok(!isOurHost(host, allowed), host)
  }
  assert.ok(!isOurHost(undefined, allowed))
})

const GOOD = {
  host: 'localhost:4117',
  origin: 'http://localhost:4117',
  secFetchSite: 'same-origin',
  contentType: 'application/json; charset=utf-8',
}

test('a request of our own page may act', () => {
  assert.equal(findForgery(GOOD, false), undefined)
  assert.equal(findForgery({ ...GOOD, secFetchSite: undefined }, false), undefined)
})

test('TLS that a proxy took off is seen in the origin; with our own TLS only https counts', () => {
  const secure = { ...GOOD, origin: 'https://localhost:4117' }
  assert.equal(findForgery(secure, false), undefined)
  assert.equal(findForgery(secure, true), undefined)
  assert.match(findForgery(GOOD, true) ?? '', /Origin/)
})

for (const [what, changed, reason] of [
  ['another site', { secFetchSite: 'cross-site' }, /Sec-Fetch-Site: cross-site/],
  ['another port', { secFetchSite: 'same-site' }, /Sec-Fetch-Site: same-site/],
  ['an address typed by hand', { secFetchSite: 'none' }, /Sec-Fetch-Site: none/],
  ['no origin', { origin: undefined }, /got none/],
  ['a sandboxed page', { origin: 'null' }, /got null/],
  ['an origin that begins like ours', { origin: 'http://localhost:4117.evil' }, /Origin/],
  ['a form', { contentType: 'application/x-www-form-urlencoded' }, /Content-Type/],
  ['a type that begins like ours', { contentType: 'application/jsonx' }, /Content-Type/],
  ['no type', { contentType: undefined }, /got none/],
] as const) {
  test(`${what} may not act`, () => {
    assert.match(findForgery({ ...GOOD, ...changed }, false) ?? '', reason)
  })
}

test('loopback is told from what only looks like it', () => {
  for (const address of ['localhost', '127.0.0.1', '127.8.9.1', '::1']) {
    assert.ok(isLoopbackAddress(address), address)
  }
  for (const address of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example', '1127.0.0.1']) {
    assert.ok(!isLoopbackAddress(address), address)
  }
})
