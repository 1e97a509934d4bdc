/**
 * @module The doctor on a machine with a slow console that dies: what it sees, measures and sets there is what happens
 * then, and what it takes back is what was there.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Kernel } from '../../lab/archive/kernels.ts'
import { nodeFiles } from '../../lab/image/node.ts'
import { longestStallMs } from '../../lab/machine/felt.ts'
import type { Guest } from '../../lab/machine/guest.ts'
import type { Finding } from '../../src/core/console/finding.ts'
import type { Measured } from '../../src/core/console/probe.ts'
import { guardFlags } from '../../src/io/guard/node-flags.ts'
import { GUARD_DEFAULTS } from '../../src/io/guard/settings.ts'
import { play, told } from './play.ts'
import { PLIMSOLL, plimsollFiles } from './plimsoll-files.ts'

const BAUD = 19_200
const BEFORE = '7 4 1 7'
const DROP_IN = '/etc/sysctl.d/90-plimsoll.conf'

const DOCTOR = [
  // One line of JSON, which is no event until it says so.
  `doctor() { name=$1; shift; ${PLIMSOLL} doctor --json "$@" > /run/$name; sed "s/^{/{\\"event\\":\\"$name\\",/" /run/$name > /dev/ttyS2; }`,
  'printk() { tr "\\t" " " < /proc/sys/kernel/printk; }',
  `up() { read up idle < /proc/uptime; echo "\${up%.*}\${up#*.}0"; }`,
  `act() { name=$1; shift; from=$(up); ${PLIMSOLL} doctor "$@" > /run/$name; code=$?; tell $name "\\"code\\":$code,\\"tookMs\\":$(($(up) - from)),\\"printk\\":\\"$(printk)\\",\\"hasFile\\":$([ -e ${DROP_IN} ] && echo true || echo false),\\"left\\":\\"$(ls -A /var/lib/plimsoll/undo 2> /dev/null | tr '\\n' ' ')\\""; cat /run/$name; }`,
]

async function slowConsole(kernel: Kernel): Promise<Guest> {
  return {
    kernel,
    root: 'ext4',
    memoryMib: 1024,
    cpus: 2,
    consoles: [{ baud: BAUD }],
    sysctls: { 'kernel.printk': BEFORE },
    files: [...(await nodeFiles()), ...(await plimsollFiles())],
    script: [
      ...DOCTOR,
      'sleepers 60',
      'doctor seen',
      'doctor measured --measure',
      'act asked --fix console-freeze',
      'act fixed --fix console-freeze --yes',
      `cat ${DROP_IN}`,
      'heartbeat heartbeat /dev/ttyS2 --alloc-kib 1024 & beat=$!',
      'echo -1000 > /proc/$beat/oom_score_adj',
      'tell leak',
      'grow leaker 200 & leaker=$!',
      'wait $leaker',
      'sleep 1; kill $beat; wait $beat',
      'act undone --undo --yes',
      'act again --undo --yes',
    ],
  }
}

test('6.1: doctor sees, measures and shortens the freeze, and takes it back', async (t) => {
  const run = await play(t, '6.1', slowConsole)
  if (run === null) return
  const lines = run.consoles[0] ?? []

  await t.test('the slow line is found', () => {
    const { findings } = told(run, 'seen') as unknown as { findings: readonly Finding[] }
    const freeze = findings.find(({ id }) => id === 'console-freeze')
    assert.deepEqual(freeze?.fix.now, [{ path: '/proc/sys/kernel/printk', value: '5 7 1 7' }])
  })

  await t.test('what it measures is the pace of the line', () => {
    const { measured } = told(run, 'measured') as unknown as { measured: Measured }
    const msPerByte = 10_000 / BAUD
    assert.ok(Math.abs(measured.msPerByte / msPerByte - 1) < 0.15, JSON.stringify(measured))
    const probes = lines.filter(({ text }) => /plimsoll: console speed probe/.test(text))
    assert.deepEqual(
      probes.map(({ wireBytes }) => wireBytes),
      [measured.wireBytes, measured.wireBytes, measured.wireBytes],
      lines.map(({ text }) => text).join('\n'),
    )
  })

  await t.test('without --yes nothing is written', () => {
    const { code, printk, hasFile } = told(run, 'asked')
    assert.deepEqual([code, printk, hasFile], [10, BEFORE, false])
  })

  await t.test('with it, an OOM stops nobody, and the console still says who died', () => {
    const { code, printk, hasFile } = told(run, 'fixed')
    assert.deepEqual([code, printk, hasFile], [0, '5 7 1 7', true], run.talk.join('\n'))
    const stallMs = longestStallMs(run.events, 'heartbeat')
    t.diagnostic(`longest stall ${stallMs} ms`)
    assert.ok(stallMs < 500, `${stallMs}`)
    const texts = lines.map(({ text }) => text).join('\n')
    assert.match(texts, /invoked oom-killer/)
    assert.match(texts, /Killed process \d+ \(leaker\)/)
    assert.doesNotMatch(texts, /Mem-Info/)
    assert.match(run.kernelLog.join('\n'), /Mem-Info/)
  })

  await t.test('--undo puts all back, and has nothing to do the second time', () => {
    const { code, printk, hasFile, left } = told(run, 'undone')
    assert.deepEqual([code, printk, hasFile, left], [0, BEFORE, false, ''], run.talk.join('\n'))
    assert.deepEqual([told(run, 'again').code, told(run, 'again').printk], [0, BEFORE])
  })
})

async function besideNetwork(kernel: Kernel): Promise<Guest> {
  return {
    kernel,
    root: 'ext4',
    memoryMib: 1024,
    cpus: 2,
    consoles: [{ baud: BAUD }],
    modules: ['netconsole'],
    sysctls: { 'kernel.printk': BEFORE },
    files: [...(await nodeFiles()), ...(await plimsollFiles())],
    script: [
      ...DOCTOR,
      'sleepers 60',
      'act detached --fix network-beside-line --yes',
      'tell away "\\"console\\":\\"$(cat /sys/class/tty/ttyS1/console)\\""',
      'cat /etc/tmpfiles.d/90-plimsoll.conf',
      'for n in $(seq 300); do echo "<4>lab: nobody sees line $n" > /dev/kmsg; done',
      'act back --undo --yes',
      'tell there "\\"console\\":\\"$(cat /sys/class/tty/ttyS1/console)\\""',
      'echo "<4>lab: seen again" > /dev/kmsg',
    ],
  }
}

test('6.1: a console that was detached comes back without the log that it missed', async (t) => {
  const run = await play(t, '6.1', besideNetwork)
  if (run === null) return
  assert.deepEqual(
    [told(run, 'detached').code, told(run, 'away').console],
    [0, 'N'],
    run.talk.join('\n'),
  )
  const { code, printk, left } = told(run, 'back')
  assert.deepEqual([code, printk, left], [0, BEFORE, ''], run.talk.join('\n'))
  assert.equal(told(run, 'there').console, 'Y')
  const lab = (run.consoles[0] ?? []).map(({ text }) => text).filter((text) => /lab: /.test(text))
  assert.equal(lab.length, 1, lab.join('\n'))
  assert.match(lab[0] ?? '', /seen again$/)
  // The log itself lost nothing.
  assert.equal(run.kernelLog.filter((line) => /nobody sees line/.test(line)).length, 300)
})

const GUARD = '/opt/plimsoll/dist/guard.cjs'
const GUARD_JOURNAL = '/var/lib/plimsoll/console.journal'

/** A group close to its limit keeps the console quiet in calm times. */
async function guarded(kernel: Kernel): Promise<Guest> {
  const settings = {
    socketPath: '/run/plimsoll/guard.sock',
    stateFile: null,
    console: { isOn: true, journalFile: GUARD_JOURNAL, hostRoot: '' },
  }
  return {
    kernel,
    root: 'ext4',
    memoryMib: 1024,
    cpus: 2,
    consoles: [{ baud: BAUD }],
    cgroups: 'v2',
    sysctls: { 'kernel.printk': BEFORE },
    files: [
      ...(await nodeFiles()),
      ...(await plimsollFiles()),
      { path: 'etc/guard.json', from: { text: JSON.stringify(settings) } },
    ],
    script: [
      ...DOCTOR,
      'sleepers 60',
      'mkdir -p /var/lib/plimsoll /sys/fs/cgroup/box; echo 64M > /sys/fs/cgroup/box/memory.max',
      '( echo 0 > /sys/fs/cgroup/box/cgroup.procs; exec sleep 1000 ) & box=$!',
      `node ${guardFlags(GUARD_DEFAULTS.maxSeries).join(' ')} ${GUARD} --settings /etc/guard.json 2> /run/guard-says & guard=$!`,
      `until [ "$(printk)" = '5 7 1 7' ]; do kill -0 $guard || { cat /run/guard-says; exit; }; sleep 0.1; done`,
      'doctor alive',
      'act held --undo console-guard --yes',
      'kill -9 $guard; wait $guard',
      'doctor killed',
      'act given --undo console-guard --yes',
      `tell journal "\\"isThere\\":$([ -e ${GUARD_JOURNAL} ] && echo true || echo false)"`,
      'act nothing --undo console-guard --yes',
      'kill $box',
    ],
  }
}

interface Said {
  readonly freezeMs: number | null
  readonly nominalMs: number
  readonly guardedMs: number | null
  readonly host: { readonly consoleGuard: { readonly isAlive: boolean; readonly isQuiet: boolean } }
  readonly findings: readonly Finding[]
}

test('6.1: what a killed guard left is given back by --undo, and nothing while it runs', async (t) => {
  const run = await play(t, '6.1', guarded)
  if (run === null) return
  const said = (name: string): Said => told(run, name) as unknown as Said
  const alive = said('alive')
  const talk = run.talk.join('\n')
  assert.deepEqual([alive.host.consoleGuard.isAlive, alive.host.consoleGuard.isQuiet], [true, true])
  // Judged by what the guard found, beside what it leaves.
  assert.ok(alive.nominalMs > 3000 && (alive.guardedMs ?? Infinity) < 500, talk)
  const of = ({ findings }: Said, id: string): Finding | undefined =>
    findings.find((finding) => finding.id === id)
  assert.equal(of(alive, 'console-freeze')?.severity, 'note')
  assert.deepEqual([told(run, 'held').code, told(run, 'held').printk], [11, '5 7 1 7'], talk)

  const killed = said('killed')
  assert.deepEqual([killed.host.consoleGuard.isAlive, killed.guardedMs], [false, null])
  assert.equal(of(killed, 'console-guard')?.severity, 'medium')
  assert.deepEqual([told(run, 'given').code, told(run, 'given').printk], [0, BEFORE], talk)
  assert.equal(told(run, 'journal').isThere, false)
  assert.deepEqual([told(run, 'nothing').code, told(run, 'nothing').printk], [0, BEFORE], talk)
})
