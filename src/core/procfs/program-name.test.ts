import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepScript, nameProgram } from './program-name.ts'

for (const [exe, args, expected] of [
  ['/usr/sbin/nginx', ['nginx', '-g', 'daemon off;'], 'nginx'],
  ['/usr/sbin/nginx (deleted)', ['nginx'], 'nginx'],
  ['/usr/bin/node', ['node', '/srv/app/server.js', '--token=s3cret'], 'node server.js'],
  [
    '/usr/bin/node',
    ['node', '--max-old-space-size=64', '-r', './hook.js', 'main.mjs'],
    'node main.mjs',
  ],
  ['/usr/bin/node', ['node', '-e', 'const key = "s3cret"'], 'node'],
  ['/usr/bin/node', ['myapp: worker'], 'node'],
  [
    '/usr/bin/python3.11',
    ['python3', '-u', '/usr/bin/gunicorn', 'app:wsgi'],
    'python3.11 gunicorn',
  ],
  ['/usr/bin/python3.11', ['python3', '-m', 'http.server', '8000'], 'python3.11 http.server'],
  ['/usr/bin/python3.11', ['python3', '-c', 'import secret'], 'python3.11'],
  ['/usr/bin/python3.11', ['python3', '-W', 'ignore', 'x.py'], 'python3.11 x.py'],
  ['/usr/bin/bash', ['/bin/bash', '-c', 'PASSWORD=x /opt/run.sh'], 'bash'],
  ['/usr/bin/bash', ['/bin/bash', '-o', 'pipefail', '/opt/run.sh', 'x'], 'bash run.sh'],
  [
    '/opt/jdk/bin/java',
    ['java', '-Dkey=s3cret', '-cp', '/a:/b', 'org.acme.Main', 'x'],
    'java org.acme.Main',
  ],
  ['/opt/jdk/bin/java', ['java', '-Xmx1g', '-jar', '/opt/acme.jar'], 'java acme.jar'],
  ['/usr/bin/node', ['node', 's3cret'], 'node'],
  ['/usr/bin/node', ['node', 'https://u:s3cret@h/x.js'], 'node'],
  ['/usr/bin/bash', ['bash', '/proc/self/fd/3'], 'bash'],
  ['/usr/bin/bash', ['bash', '/dev/fd/63', 'x.sh'], 'bash'],
  ['/usr/bin/node', [], 'node'],
] as const) {
  test(`${exe} with ${JSON.stringify(args)} is ${expected}`, () => {
    assert.equal(nameProgram(exe, 'comm', args), expected)
  })
}

test('where the executable may not be known, comm stands for it', () => {
  assert.equal(nameProgram(undefined, 'nginx', []), 'nginx')
  assert.equal(nameProgram(undefined, 'node', ['node', 'a.js']), 'node a.js')
})

test('a process that overwrites its arguments keeps its script', () => {
  assert.equal(keepScript('node a.js', 'node'), 'node a.js')
  assert.equal(keepScript('node a.js', 'node b.js'), 'node b.js')
  assert.equal(keepScript('bash run.sh', 'nginx'), 'nginx')
})
