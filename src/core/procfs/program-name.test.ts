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
  ['/opt/jdk/bin/java', ['java', '-Xmx1g', '-cp', '/a:/b', 'Shop', 's3cret'], 'java Shop'],
  ['/opt/jdk/bin/java', ['java', '-cp', '/a', 'org.acme.Shop$Main'], 'java org.acme.Shop$Main'],
  [
    '/opt/jdk/bin/java',
    ['java', '--add-exports', 'java.base/sun=ALL-UNNAMED', '@/etc/args', 'Shop.java'],
    'java Shop.java',
  ],
  ['/opt/jdk/bin/java', ['java', '-cp', '/a'], 'java'],
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

for (const [comm, args, expected] of [
  ['nginx', [], 'nginx'],
  ['node', ['node', 'a.js'], 'node a.js'],
  ['MainThread', ['/usr/bin/node', '/srv/a.js', '--token=s3cret'], 'node a.js'],
  ['MainThread', ['node', '-e', 'const key = "s3cret"'], 'node'],
  ['gunicorn', ['/srv/bin/python3', '/srv/bin/gunicorn', 'app:wsgi'], 'python3 gunicorn'],
  ['java', ['java', '-cp', '/a:/b', 'org.acme.Main'], 'java org.acme.Main'],
  ['systemd-journal', ['/lib/systemd/systemd-journald'], 'systemd-journald'],
  ['bash', ['-bash'], 'bash'],
  ['sshd', ['sshd: root@pts/0'], 'sshd'],
  ['worker', ['--password=s3cret'], 'worker'],
  ['nginx', ['nginx: worker process s3cret'], 'nginx'],
  ['MainThread', ['s3cret'], 'MainThread'],
] as const) {
  test(`${comm} with ${JSON.stringify(args)}, its executable not told, is ${expected}`, () => {
    assert.equal(nameProgram(undefined, comm, args), expected)
  })
}

test('a process that overwrites its arguments keeps its script', () => {
  assert.equal(keepScript('node a.js', 'node'), 'node a.js')
  assert.equal(keepScript('node a.js', 'node b.js'), 'node b.js')
  assert.equal(keepScript('bash run.sh', 'nginx'), 'nginx')
})
