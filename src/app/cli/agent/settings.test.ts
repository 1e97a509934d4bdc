import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../../io/config/parse.ts'
import { parseWebSettings } from '../../web/settings.ts'
import { placesOf } from './places.ts'
import { guardSettings, webSettings } from './settings.ts'

function configOf(text: string) {
  const parsed = parseConfig({ text, file: 'f.toml' })
  assert.ok(parsed.ok, JSON.stringify(parsed))
  return parsed.value
}

const WEB = { port: 4117, uiDir: '/usr/lib/plimsoll/ui', guardGid: null }

for (const [what, owner, state, runtime] of [
  ['root', { uid: 0, env: { HOME: '/root' } }, '/var/lib/plimsoll', '/run/plimsoll'],
  [
    'a user of a desktop',
    { uid: 1000, env: { HOME: '/home/a', XDG_RUNTIME_DIR: '/run/user/1000' } },
    '/home/a/.local/state/plimsoll',
    '/run/user/1000/plimsoll',
  ],
  [
    'a user who names the place',
    { uid: 1000, env: { HOME: '/home/a', XDG_STATE_HOME: '/s' } },
    '/s/plimsoll',
    '/tmp/plimsoll-1000',
  ],
  [
    'a user without a home',
    { uid: 65534, env: {} },
    '/tmp/plimsoll-65534/state',
    '/tmp/plimsoll-65534',
  ],
] as const) {
  test(`${what} keeps things in places of their own`, () => {
    const places = placesOf(configOf(''), owner)
    assert.deepEqual([places.stateDir, places.runtimeDir], [state, runtime])
    assert.equal(places.historyFile, `${state}/history/history.db`)
    assert.equal(places.guardSocket, `${runtime}/guard.sock`)
  })
}

test('the web process takes what it is told, and means the same by it', () => {
  const config = configOf(`
    [agent]
    state_dir = "/srv/state"
    runtime_dir = "/srv/run"
    [web]
    listen = "0.0.0.0"
    allowed_hosts = ["monitor.example"]
    tls_cert = "/c.pem"
    tls_key = "/k.pem"
    metrics_token = "0123456789abcdef"
    user = "www-data"
    [history]
    max_size = "64MiB"
    [notify]
    journal = false
    webhook = [{ url = "https://hooks.example/leaks" }]
    command = ["/usr/local/bin/tell", "leak"]`)
  const places = placesOf(config, { uid: 0, env: {} })
  const given = JSON.stringify(webSettings(config, places, WEB))
  const settings = parseWebSettings(given, 'web.json')
  assert.deepEqual(JSON.parse(JSON.stringify(settings)), {
    ...settings,
    listen: '0.0.0.0',
    port: 4117,
    allowedHosts: ['monitor.example'],
    tlsCertFile: '/c.pem',
    tlsKeyFile: '/k.pem',
    allowPlainHttp: false,
    metricsToken: '0123456789abcdef',
    runAs: 'www-data',
    guardGid: null,
    guardSocket: '/srv/run/guard.sock',
    stateDir: '/srv/state',
    loginFile: '/srv/run/login',
    historyFile: '/srv/state/history/history.db',
    historyMaxBytes: 67_108_864,
    notify: {
      journal: false,
      webhooks: [{ url: 'https://hooks.example/leaks' }],
      command: ['/usr/local/bin/tell', 'leak'],
    },
    stopAtStdinEnd: true,
  })
})

test('the guard takes interval, series and places', () => {
  const config = configOf('[agent]\ninterval = "500ms"\nmax_series = 128\nruntime_dir = "/r"')
  const settings = guardSettings(config, placesOf(config, { uid: 0, env: {} }), 998)
  assert.deepEqual(settings, {
    intervalMs: 500,
    maxSeries: 128,
    socketPath: '/r/guard.sock',
    socketGid: 998,
    stateFile: '/var/lib/plimsoll/guard.state',
    console: { isOn: false, journalFile: '/var/lib/plimsoll/console.journal', hostRoot: '' },
    recorder: { file: '/var/lib/plimsoll/recorder.ring', bytes: 4_194_304, kmsg: '/dev/kmsg' },
    agent: {
      socket: '/r/agent.sock',
      files: ['/r/guard.pid', '/r/guard.json', '/r/web.json', '/r/login'],
    },
    victims: { rules: { protect: [], prefer: [], avoid: [] } },
    procRoot: '/proc',
    sysRoot: '/sys',
  })
})

test('the guard has the rules of the owner, and none where it is off', () => {
  const settingsOf = (text: string) => {
    const config = configOf(text)
    return guardSettings(config, placesOf(config, { uid: 0, env: {} }), null)
  }
  const { victims } = settingsOf('[guard]\nprotect = ["unit=db.service"]')
  assert.deepEqual(
    victims?.rules.protect.map(({ text }) => text),
    ['unit=db.service'],
  )
  assert.equal(settingsOf('[guard]\nmode = "off"').victims, null)
})

test('the console guard is on where it is asked for', () => {
  const config = configOf('console.guard = true')
  const settings = guardSettings(config, placesOf(config, { uid: 0, env: {} }), null)
  assert.equal(settings.console?.isOn, true)
})

test('the recorder is where it is wanted, or nowhere', () => {
  for (const [text, recorder] of [
    ['recorder.on = false', null],
    [
      'recorder.file = "/s/r"\nrecorder.size = "16MiB"',
      { file: '/s/r', bytes: 16_777_216, kmsg: '/dev/kmsg' },
    ],
  ] as const) {
    const config = configOf(text)
    const places = placesOf(config, { uid: 0, env: {} })
    assert.deepEqual(guardSettings(config, places, null).recorder, recorder)
  }
})
