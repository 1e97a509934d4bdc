import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseWebSettings, readWebSettings, WEB_DEFAULTS } from './settings.ts'

const LEAST = {
  stateDir: '/var/lib/plimsoll',
  guardSocket: '/run/plimsoll/guard.sock',
  loginFile: '/run/plimsoll/login',
  uiDir: '/usr/lib/plimsoll/ui',
}

test('what is not given has its default', () => {
  const settings = parseWebSettings(JSON.stringify({ ...LEAST, port: 4117 }), 'web.json')
  assert.deepEqual(settings, { ...WEB_DEFAULTS, ...LEAST, port: 4117 })
})

for (const [given, message] of [
  ['{', /^web\.json: expected JSON/],
  ['[]', /expected an object/],
  ['null', /expected an object/],
  ['{}', /stateDir: expected string, got undefined/],
  [JSON.stringify({ ...LEAST, Port: 1 }), /Port: there is no such key/],
  [JSON.stringify({ ...LEAST, port: 1.5 }), /port: expected count, got 1.5/],
  [JSON.stringify({ ...LEAST, port: 70_000 }), /port: expected 0 to 65535, got 70000/],
  [JSON.stringify({ ...LEAST, tlsCertFile: '/a' }), /expected both or neither/],
  [JSON.stringify({ ...LEAST, allowedHosts: 'a' }), /allowedHosts: expected strings/],
  [JSON.stringify({ ...LEAST, metricsToken: 'short' }), /metricsToken: .* 16 characters/],
] as const) {
  test(`${given.slice(0, 60)} is refused by name`, () => {
    assert.throws(() => parseWebSettings(given, 'web.json'), { code: 'PLM_CONFIG', message })
  })
}

test('the command line has one form', () => {
  for (const argv of [[], ['--settings'], ['--set', 'x'], ['--settings', 'x', 'y']]) {
    assert.throws(() => readWebSettings(argv), { code: 'PLM_USAGE' })
  }
  const missing = ['--settings', '/nowhere/web.json']
  assert.throws(() => readWebSettings(missing), { code: 'PLM_CONFIG', message: /cannot be read/ })
})
