import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { writeTrees } from '../../scripts/doctor-trees.ts'
import { saveTree } from '../../src/app/cli/doctor/save-tree.ts'
import type { HostName } from '../../src/core/console/hosts.fixture.ts'
import { HEALTHY, like, readingOf } from '../../src/core/console/hosts.fixture.ts'

let directory = ''
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-doctor-'))
  writeTrees(join(directory, 'hosts'))
  saveTree(readingOf(HEALTHY), join(directory, 'healthy'))
  const blind = like(HEALTHY, {
    '/boot/config-6.1.0-56-amd64': null,
    '/proc/cmdline': 'crashkernel=1M',
  })
  saveTree(readingOf(blind), join(directory, 'blind'))
})
after(() => rmSync(directory, { recursive: true, force: true }))

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

function doctor(...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const options = { timeout: 30_000, env: { ...process.env, COLUMNS: '80' } }
    const command = ['dist/cli.cjs', 'doctor', ...args]
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0
      resolve({ code, stdout, stderr })
    })
  })
}

test('a host that would freeze is told in the first sentence, with exit code 10', async () => {
  const { code, stdout } = await doctor('--root', join(directory, 'hosts', 'bare-metal'))
  assert.equal(code, 10)
  assert.match(stdout, /^An OOM here would stop every allocating process for at least 11\.\d s/)
  assert.match(stdout, /\* kernel\.printk = 5 7 1 7 +0\.\d\d s/)
  assert.doesNotMatch(stdout, /\u001b/)
})

/** What is said of each kind of host first, and which findings are more than notes. */
const TREES: readonly (readonly [name: HostName, code: number, said: RegExp, ids: string])[] = [
  [
    'bare-metal',
    10,
    /at least 11\.\d s: .*ttyS1 carries 1,920 bytes/,
    'console-freeze watchdog-shorter',
  ],
  [
    'guarded',
    0,
    /at least 11\.\d s: .*console guard \(process 812\) is at work .*leaves 0\.\d\d s/,
    '',
  ],
  [
    'guard-killed',
    10,
    /at least 11\.\d s: .*`plimsoll doctor --undo console-guard` gives back/,
    'console-freeze watchdog-shorter console-guard',
  ],
  ['cloud', 10, /on ttyS0 .*at least 1\.\d s at its nominal speed/, 'console-freeze oomd-idle'],
  ['arm', 10, /would not wait for a console: threads of their own print/, 'oomd-idle'],
  ['hypervisor', 10, /the speed of hvc0 is not known\.$/, 'oomd-idle'],
  ['container', 10, /on ttyS0 .*at least \d\.\d s at its nominal speed/, 'console-freeze psi'],
  ['cgroup-v1', 10, /ttyS0 carries 960 bytes/, 'console-freeze flow-control oomd-idle psi'],
  ['realtime', 10, /would not wait for a console: threads of their own print/, 'oomd-idle'],
]
for (const [name, expected, said, ids] of TREES) {
  test(`a saved tree of ${name}`, async () => {
    const { code, stdout } = await doctor('--json', '--root', join(directory, 'hosts', name))
    const { sentence, findings } = JSON.parse(stdout) as {
      readonly sentence: string
      readonly findings: readonly { readonly id: string; readonly severity: string }[]
    }
    assert.match(sentence, said)
    const grave = findings.filter(({ severity }) => severity !== 'note')
    assert.deepEqual([grave.map(({ id }) => id).join(' '), code], [ids, expected])
  })
}

test('a healthy host ends with 0, one of which too little is seen with 11', async () => {
  assert.equal((await doctor('--root', join(directory, 'healthy'))).code, 0)
  const { code, stdout } = await doctor('--root', join(directory, 'blind'))
  assert.equal(code, 11)
  assert.match(stdout, /NOT SEEN.*\n.*size of the log buffer/)
})

test('--json is one line of plimsoll.doctor/1', async () => {
  const { code, stdout } = await doctor('--json', '--root', join(directory, 'hosts', 'netconsole'))
  assert.equal(code, 10)
  assert.equal(stdout.trimEnd().split('\n').length, 1)
  const document = JSON.parse(stdout) as {
    readonly schema: string
    readonly remedies: readonly { readonly id: string; readonly isBest: boolean }[]
    readonly findings: readonly { readonly id: string }[]
  }
  assert.equal(document.schema, 'plimsoll.doctor/1')
  // At its level the report is short: there is nothing to remedy.
  assert.deepEqual(
    document.remedies.filter(({ isBest }) => isBest),
    [],
  )
  assert.ok(document.findings.some(({ id }) => id === 'network-beside-line'))
})

test('a root that is none, and a directory that is there, are refused', async () => {
  const none = await doctor('--root', join(directory, 'nothing'))
  assert.deepEqual([none.code, none.stdout], [2, ''])
  assert.match(none.stderr, /--root: there is no /)
  const empty = await doctor('--root', join(directory, 'hosts'))
  assert.deepEqual([empty.code, empty.stdout], [69, ''])
  assert.match(
    empty.stderr,
    /--root: no saved tree: no proc\/ in .*\/hosts\nPLM_PROC: .*--save-tree/,
  )
  const there = await doctor('--root', join(directory, 'healthy'), '--save-tree', directory)
  assert.deepEqual([there.code, there.stdout], [2, ''])
  assert.match(there.stderr, /--save-tree: cannot write/)
})

test('what is saved of this host is no argument and no environment, for its owner alone', async () => {
  const saved = join(directory, 'saved')
  const secret = '86431.75309'
  const child = spawn('sleep', [secret], { env: { SECRET: secret, PATH: process.env.PATH } })
  try {
    const { code, stderr } = await doctor('--save-tree', saved)
    assert.ok([0, 10, 11].includes(code))
    assert.equal(stderr, `written to ${saved}; read it with: plimsoll doctor --root ${saved}\n`)
    const names = readdirSync(saved, { recursive: true, encoding: 'utf8' })
    assert.ok(names.includes(`proc/${child.pid}/status`))
    const files = names.filter((name) => statSync(join(saved, name)).isFile())
    for (const name of files) {
      assert.ok(!readFileSync(join(saved, name), 'utf8').includes(secret), name)
      assert.doesNotMatch(name, /^proc\/\d+\/(?!(status|oom_score_adj)$)/)
    }
    assert.equal(statSync(saved).mode & 0o077, 0)
    const again = await doctor('--json', '--root', saved)
    assert.match(again.stdout, /^\{"schema":"plimsoll\.doctor\/1"/)
  } finally {
    child.kill()
  }
})
