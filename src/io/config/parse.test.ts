import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from './parse.ts'

/** A text with one fault, and the exact line that names it. */
const FAULTS: readonly (readonly [toml: string, fault: string])[] = [
  ['[web]\nport = ', 'f.toml:2: this is no TOML: invalid value'],
  [
    'a = 1\na = 2',
    'f.toml:2: this is no TOML: trying to redefine an already defined table or value',
  ],
  [
    '[wbe]\nport = 1',
    'f.toml:1: [wbe]: there is no such section; did you mean web? There is agent, web, history, guard, console, recorder, notify',
  ],
  [
    'port = 1',
    'f.toml:1: [port]: there is no such section. There is agent, web, history, guard, console, recorder, notify',
  ],
  [
    '[recorder]\nsize = 3',
    'f.toml:2: [recorder] size: expected a size from 1MiB to 64MiB, such as "4MiB", got 3',
  ],
  ['web = 3', 'f.toml:1: [web]: expected a table [web], got 3'],
  [
    '[history]\n\nmaxsize = "1GiB"',
    'f.toml:3: [history] maxsize: there is no such key; did you mean max_size? There is path, max_size',
  ],
  [
    '[agent]\ninterval = 1',
    'f.toml:2: [agent] interval: expected a duration from 500ms to 60s, such as "1s", got 1',
  ],
  [
    '[agent]\ninterval = "2min"',
    'f.toml:2: [agent] interval: expected a duration from 500ms to 60s, such as "1s", got "2min"',
  ],
  [
    '[agent]\nmax_series = 10',
    'f.toml:2: [agent] max_series: expected a whole number from 64 to 65536, got 10',
  ],
  ['[agent]\nstate_dir = "x"', 'f.toml:2: [agent] state_dir: expected an absolute path, got "x"'],
  [
    `[agent]\nruntime_dir = "/${'r'.repeat(90)}"`,
    `f.toml:2: [agent] runtime_dir: expected an absolute path of at most 90 bytes, got "/${'r'.repeat(58)}...`,
  ],
  [
    '[web] # where\n# and how\nlisten = "example.com"',
    'f.toml:3: [web] listen: expected an IP address or "localhost", got "example.com"',
  ],
  ['[web]\nport = 1.5', 'f.toml:2: [web] port: expected a whole number from 0 to 65535, got 1.5'],
  [
    '[web]\nport = 1979-05-27',
    'f.toml:2: [web] port: expected a whole number from 0 to 65535, got a date',
  ],
  ['web.plain_http = "yes"', 'f.toml:1: [web] plain_http: expected true or false, got "yes"'],
  [
    '[web]\nallowed_hosts = ["a",\n"b:80"]',
    'f.toml:2: [web] allowed_hosts: expected a list of host names without port, such as ["monitor.example"], got ["a","b:80"]',
  ],
  [
    '[web]\nmetrics_token = "short"',
    'f.toml:2: [web] metrics_token: expected a string of 16 to 512 visible ASCII characters, got "short"',
  ],
  ['[web]\nuser = ""', 'f.toml:2: [web] user: expected the name of a user, got ""'],
  [
    '[web]\ntls_key = "/k"',
    'f.toml:2: [web] tls_key: expected tls_cert and tls_key together, got one',
  ],
  [
    '[history]\nmax_size = "256MB"',
    'f.toml:2: [history] max_size: expected a size from 8MiB to 64GiB, such as "256MiB", got "256MB"',
  ],
  [
    '[guard]\nmode = "act"',
    'f.toml:2: [guard] mode: expected "observe" or "off" ("act": not there yet), got "act"',
  ],
  [
    '[notify]\nwebhook = "https://x.example"',
    'f.toml:2: [notify] webhook: expected a list such as [{ url = "https://hooks.example/leaks" }], got "https://x.example"',
  ],
  [
    '[[notify.webhook]]\nurl = "https://x.example"\n[[notify.webhook]]\nurl = "http://x.example"',
    'f.toml:4: [notify] webhook 2 url: expected an https: URL without name and password, or http: to this host itself, got "http://x.example"',
  ],
  ['[notify]\nwebhook = [\n  {},\n]', 'f.toml:3: [notify] webhook 1 url: is missing'],
  [
    '[notify]\nwebhook = [{ url = "https://x.example", uri = 1 }]',
    'f.toml:2: [notify] webhook 1 uri: there is no such key; did you mean url? There is url',
  ],
  [
    '[notify]\nwebhook = [3]',
    'f.toml:2: [notify] webhook 1: expected a table such as { url = "https://hooks.example/leaks" }, got 3',
  ],
  [
    '[notify]\ncommand = ["tell"]',
    'f.toml:2: [notify] command: expected a program by its absolute path, and its arguments, such as ["/usr/local/bin/tell", "leak"], got ["tell"]',
  ],
]

for (const [text, fault] of FAULTS) {
  test(`refused: ${fault}`, () => {
    assert.deepEqual(parseConfig({ text, file: 'f.toml' }), { ok: false, error: [fault] })
  })
}

test('all faults are named at once, in the order of the file', () => {
  const text = '[web]\nprot = 1\nport = 70000\n[agent]\ninterval = "1"\n[zzz]\n'
  const parsed = parseConfig({ text, file: 'f.toml' })
  const places = parsed.ok ? [] : parsed.error.map((fault) => fault.split(': ', 2).join(': '))
  assert.deepEqual(places, [
    'f.toml:2: [web] prot',
    'f.toml:3: [web] port',
    'f.toml:5: [agent] interval',
    'f.toml:6: [zzz]',
  ])
})

test('a flag overrules the file, and a wrong one is named as itself', () => {
  const given = { text: '[web]\nport = 1\n', file: 'f.toml' }
  const override = { section: 'web', key: 'port', flag: '--port' }
  const right = parseConfig(given, [{ ...override, value: 8080 }])
  assert.equal(right.ok && right.value.web.port, 8080)
  assert.deepEqual(parseConfig(given, [{ ...override, value: 'x' }]), {
    ok: false,
    error: ['--port: [web] port: expected a whole number from 0 to 65535, got "x"'],
  })
})

test('without a file everything has its default', () => {
  const parsed = parseConfig(null)
  assert.ok(parsed.ok)
  const { agent, web, history } = parsed.value
  assert.deepEqual([agent.interval, web.port, history.max_size], [1000, 4117, 268_435_456])
  assert.deepEqual([agent.state_dir, web.tls_cert, web.allowed_hosts], [null, null, []])
})

test('what is given is taken, in units of the program', () => {
  const text = `
    [agent]
    interval = "2.5s"
    state_dir = "/srv/plimsoll"
    [history]
    max_size = "1GiB"
    [notify]
    journal = false
    command = ["/bin/tell", "it's \\u0061 leak"]
    [[notify.webhook]]
    url = "http://127.0.0.1:9/x"`
  const parsed = parseConfig({ text, file: 'f.toml' })
  assert.ok(parsed.ok, JSON.stringify(parsed))
  const { agent, history, notify } = parsed.value
  assert.equal(agent.interval, 2500)
  assert.equal(agent.state_dir, '/srv/plimsoll')
  assert.equal(history.max_size, 1_073_741_824)
  assert.deepEqual(notify, {
    journal: false,
    webhook: [{ url: 'http://127.0.0.1:9/x' }],
    command: ['/bin/tell', "it's a leak"],
  })
})
