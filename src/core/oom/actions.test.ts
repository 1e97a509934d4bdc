import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { actionsFor, sayAction } from './actions.ts'
import { explainReport } from './explain.ts'
import { readReports } from './read.ts'
import type { Verdict } from './verdict.ts'

const LAB = join(import.meta.dirname, '../../../lab/scenarios/logs')
const SHARED = join(import.meta.dirname, '../../../../shared/oomlogs')

/** Each with the Debian package that has it. */
const PROGRAMS: Readonly<Record<string, string>> = {
  plimsoll: 'plimsoll',
  bpftool: 'bpftool',
  cat: 'coreutils',
  df: 'coreutils',
  docker: 'docker.io',
  du: 'coreutils',
  echo: 'coreutils',
  grep: 'grep',
  head: 'coreutils',
  iostat: 'sysstat',
  ipcs: 'util-linux',
  journalctl: 'systemd',
  mount: 'mount',
  numastat: 'numactl',
  slabtop: 'procps',
  sort: 'coreutils',
  sysctl: 'procps',
  systemctl: 'systemd',
  'systemd-run': 'systemd',
  tail: 'coreutils',
  zramctl: 'util-linux',
}

function logsOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.log') || name.endsWith('.console'))
    .map((name) => join(folder, name))
}

const explanations = [...logsOf(LAB), ...logsOf(SHARED)].flatMap((path) =>
  readReports(readFileSync(path, 'latin1')).map(explainReport),
)

test('each report has one to three actions, no two alike, each a command or a named setting', () => {
  assert.ok(explanations.length > 50)
  const commands = new Set<string>()
  for (const { actions } of explanations) {
    assert.ok(actions.length >= 1 && actions.length <= 3)
    assert.equal(new Set(actions.map(sayAction)).size, actions.length)
    for (const { words, command } of actions) {
      if (command === null) assert.match(words, /=|: \w|[a-z]+\.[a-z]+/)
      else commands.add(command)
    }
  }
  for (const command of commands) {
    const programs = command.split(/[|;] /).map((part) => part.trim().split(' ')[0] ?? '')
    for (const program of programs) assert.ok(program in PROGRAMS, command)
    // Some kernels here are built without SysRq, none without these.
    for (const [key] of command.matchAll(/\bvm\.\w+/g)) {
      assert.ok(existsSync(join('/proc/sys', key.replace('.', '/'))), key)
    }
  }
})

const LIMIT: Verdict = {
  verdict: 'guilty',
  cause: 'cgroup-limit',
  isInnocent: false,
  culprit: 'leaker',
  reason: 'it held the most',
}
const ID = '6c6fcab8562fd3150854986b78552c732f234fd405b624207b8843528a145e70'
const groups: readonly (readonly [group: string, raise: string])[] = [
  ['/job', 'raise its limit: echo BYTES > /sys/fs/cgroup/job/memory.max'],
  [
    '/system.slice/shop.service',
    'raise its limit: systemctl set-property shop.service MemoryMax=...',
  ],
  [
    `/docker/${ID}`,
    `raise its limit: docker update --memory=... --memory-swap=... ${ID.slice(0, 12)}`,
  ],
  [
    `/system.slice/docker-${ID}.scope`,
    `raise its limit: docker update --memory=... --memory-swap=... ${ID.slice(0, 12)}`,
  ],
  [
    '/kubepods.slice/kubepods-burstable.slice/cri-containerd-1.scope',
    "raise resources.limits.memory of the pod's container",
  ],
]
const [report] = readReports(readFileSync(join(LAB, '6.12-cgroup-limit.log'), 'utf8'))
for (const [group, raise] of groups) {
  test(`the limit of ${group.slice(0, 40)} is raised where it is set`, () => {
    assert.ok(report !== undefined)
    const said = actionsFor({ ...report, oomMemcg: group }, LIMIT).map(sayAction)
    assert.equal(said[1], raise)
  })
}

for (const scope of ['user.slice/user-1000.slice/session-2.scope', 'user.slice']) {
  test(`a program of ${scope} gets a limit of its own, not all of a login`, () => {
    assert.ok(report !== undefined)
    const [killed] = report.killed
    assert.ok(killed !== undefined)
    const verdict: Verdict = { ...LIMIT, cause: 'process-leak', culprit: killed.comm }
    const said = actionsFor({ ...report, taskMemcg: `/${scope}` }, verdict).map(sayAction)
    assert.match(said[1] ?? '', /: systemd-run --property=MemoryMax=/)
  })
}

test('what a BPF policy asked for is not told to be of SysRq', () => {
  assert.ok(report !== undefined)
  const verdict: Verdict = { ...LIMIT, cause: 'manual' }
  const said = actionsFor({ ...report, constraint: 'CONSTRAINT_BPF_PSI_MEM' }, verdict)
  assert.deepEqual(said.map(sayAction), ['see which BPF programs may choose: bpftool prog show'])
})
