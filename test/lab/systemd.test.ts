/** @module A guest with systemd: its units have cgroups of their own, and the agent knows them by name. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Kernel } from '../../lab/archive/kernels.ts'
import { nodeFiles } from '../../lab/image/node.ts'
import { findSystem } from '../../lab/image/system.ts'
import type { Guest, GuestFile } from '../../lab/machine/guest.ts'
import { EXIT } from '../../src/base/errors.ts'
import { MIB } from '../../src/base/units.ts'
import type { ReportDocument } from '../../src/core/oom/document.ts'
import type { OomsDocument } from '../../src/core/wire/api.ts'
import type { SubjectRow } from '../../src/core/wire/records.ts'
import { play, told } from './play.ts'
import { bundleProgram, PLIMSOLL, plimsollFiles } from './plimsoll-files.ts'

const GUARD_SOCKET = '/run/plimsoll/guard.sock'
/** As docker names the scope of a container. */
const CONTAINER = '0123456789abcdef'.repeat(4)

function unit(name: string, service: readonly string[]): GuestFile {
  const text = `[Unit]\nDescription=${name}\n\n[Service]\n${service.join('\n')}\n`
  return { path: `etc/systemd/system/${name}`, from: { text } }
}

const LOGIN_FILE = '/run/plimsoll/login'
const ASK_OOMS = '/opt/ask-ooms.mjs'

const UNITS: readonly GuestFile[] = [
  unit('holder.service', ['ExecStart=/bin/grow holder 0 40']),
  unit('worker@.service', ['ExecStart=/bin/grow worker 0 12']),
  unit('limited.service', [
    'ExecStart=/bin/grow limited 0 30',
    'MemoryMax=96M',
    'MemoryHigh=80M',
    'Slice=app-web.slice',
  ]),
  // As systemd-escape(1) writes a `-` that is not a slash.
  unit('odd\\x2dname.service', ['ExecStart=/bin/grow odd 0 8']),
  unit('leaking.service', ['ExecStart=/bin/grow leaking 4 400']),
  unit('bursting.service', [
    'ExecStart=/bin/grow bursting 0 60',
    'MemoryMax=32M',
    'MemorySwapMax=0',
  ]),
  unit('plimsoll-web.service', [
    'ExecStart=/usr/bin/node /opt/plimsoll/dist/web.cjs --settings /etc/web.json',
    'StateDirectory=plimsoll',
    'StandardOutput=null',
    'StandardError=file:/run/web-says',
  ]),
  unit('plimsoll-guard.service', [
    'ExecStart=/usr/bin/node /opt/plimsoll/dist/guard.cjs --settings /etc/guard.json',
    'RuntimeDirectory=plimsoll',
    'StandardError=file:/run/guard-says',
  ]),
  {
    path: 'etc/guard.json',
    from: { text: JSON.stringify({ socketPath: GUARD_SOCKET }) },
  },
  {
    path: 'etc/web.json',
    from: {
      text: JSON.stringify({
        guardSocket: GUARD_SOCKET,
        kernelLog: '/dev/kmsg',
        stateDir: '/var/lib/plimsoll',
        loginFile: LOGIN_FILE,
        uiDir: '/opt/ui',
      }),
    },
  },
  { path: 'opt/ui/index.html', from: { text: '<!doctype html><title>Plimsoll</title>\n' } },
]

async function guest(kernel: Kernel): Promise<Guest> {
  return {
    kernel,
    root: await findSystem(),
    memoryMib: 1024,
    cpus: 2,
    consoles: [],
    files: [
      ...(await nodeFiles()),
      ...(await plimsollFiles()),
      await bundleProgram('test/lab/ask-ooms.ts', ASK_OOMS.slice(1)),
      ...UNITS,
    ],
    script: [
      'tell system "\\"state\\":\\"$(systemctl is-system-running)\\""',
      'tell scene "\\"cgroup\\":\\"$(cut -d : -f 3 /proc/self/cgroup)\\""',
      'tell first "\\"name\\":\\"$(cat /proc/1/comm)\\""',
      `systemd-run --quiet --scope --unit=docker-${CONTAINER}.scope grow boxed 0 16 &`,
      "systemctl start 'odd\\x2dname'",
      'systemctl start plimsoll-guard holder worker@1 worker@b-2 limited leaking bursting',
      `until [ -S ${GUARD_SOCKET} ]; do sleep 0.1; done`,
      `${PLIMSOLL} watch --once --json --for 12s > /run/watched; tell ended "\\"code\\":$?"`,
      // One line of JSON, which is no event until it says so.
      `sed 's/^{/{"event":"watched",/' /run/watched > /dev/ttyS2`,
      'tell clock "\\"sec\\":$(date +%s)"',
      'systemctl start plimsoll-web',
      `until [ -s ${LOGIN_FILE} ]; do sleep 0.1; done`,
      `node ${ASK_OOMS} ${LOGIN_FILE} > /dev/ttyS2`,
      'cat /run/guard-says /run/web-says',
    ],
  }
}

interface Watched {
  readonly from: string
  readonly rows: readonly SubjectRow[]
}

test('systemd runs, and each of its units is known by its name', async (t) => {
  const run = await play(t, '6.1', guest)
  if (run === null) return
  assert.equal(told(run, 'first').name, 'systemd')
  assert.equal(told(run, 'system').state, 'running')
  assert.equal(told(run, 'scene').cgroup, '/system.slice/plimsoll-scene.service')

  // No verdict yet: nobody waits for one here.
  assert.equal(told(run, 'ended').code, EXIT.incomplete)

  const { from, rows } = told(run, 'watched') as unknown as Watched
  assert.equal(from, 'agent', run.talk.join('\n'))
  const find = (kind: SubjectRow['kind'], name: string): SubjectRow => {
    const row = rows.find((one) => one.kind === kind && one.name === name)
    assert.ok(row !== undefined, `no ${kind} ${name} among ${rows.map((one) => one.id).join(', ')}`)
    return row
  }
  for (const [program, service, cgroup, mib] of [
    ['holder', 'holder.service', '/system.slice/holder.service', 40],
    ['limited', 'limited.service', '/app.slice/app-web.slice/limited.service', 30],
    ['worker', 'worker@b-2.service', '/system.slice/system-worker.slice/worker@b-2.service', 12],
    ['odd', 'odd\\x2dname.service', '/system.slice/odd\\x2dname.service', 8],
  ] as const) {
    await t.test(`${service} has its process, its cgroup and its memory`, () => {
      const row = find('service', service)
      assert.equal(row.cgroup, cgroup)
      assert.equal(row.processes, 1)
      assert.ok(Math.abs(row.levelBytes - mib * MIB) < MIB)
      const process = rows.find((one) => one.kind === 'process' && one.serviceId === row.id)
      assert.equal(process?.name, program)
      assert.equal(process?.unit, service)
      const group = find('cgroup', cgroup)
      assert.equal(group.unit, service)
      // The kernel's own memory for it is a part of what the group holds.
      assert.ok(group.levelBytes >= row.levelBytes && group.levelBytes < row.levelBytes + 2 * MIB)
    })
  }

  await t.test('what a unit may have bounds it: the lower of MemoryMax and MemoryHigh', () => {
    const { limit, levelBytes } = find('service', 'limited.service')
    assert.equal(limit?.kind, 'cgroup')
    assert.ok(Math.abs((limit?.headroomBytes ?? 0) + levelBytes - 80 * MIB) < 2 * MIB)
    assert.equal(find('service', 'holder.service').limit?.kind, 'host')
  })

  await t.test('a scope with a container id is a container, not a unit', () => {
    const boxed = find('process', 'boxed')
    assert.equal(boxed.unit, null)
    assert.equal(boxed.container, CONTAINER.slice(0, 12))
  })

  await t.test(
    'a unit at its limit was an OOM before the dashboard was there: it tells of it',
    () => {
      const { kernelLog, events } = told(run, 'ooms') as unknown as OomsDocument
      // Root's alone on this kernel (dmesg_restrict), and the web process is nobody by then.
      assert.deepEqual(kernelLog, { path: '/dev/kmsg', isRead: true, reason: '', hint: '' })
      const [event] = events
      assert.ok(event !== undefined)
      assert.match(event.reason, /^bursting \(\d+\) was killed, rightly: /)
      const { oomMemcg, limitBytes } = event.data.report as ReportDocument
      assert.equal(oomMemcg, '/system.slice/bursting.service')
      assert.equal(limitBytes, 32 * MIB)
      const aged = event.wallMs / 1_000
      assert.ok(Math.abs(aged - Number(told(run, 'clock').sec)) < 120, 'of just now')
    },
  )

  await t.test('the unit that leaks grows faster than any other', () => {
    const rateOf = ({ verdict }: SubjectRow): number => verdict.rateBytesPerSec ?? 0
    const services = rows.filter(({ kind }) => kind === 'service')
    const fastest = services.reduce((most, row) => (rateOf(row) > rateOf(most) ? row : most))
    assert.equal(fastest.name, 'leaking.service')
    assert.ok(['growing', 'suspected', 'confirmed'].includes(fastest.verdict.state))
    // A loaded machine wakes it late, and it does not catch up.
    assert.ok(rateOf(fastest) > MIB && rateOf(fastest) < 5 * MIB, `${rateOf(fastest)}`)
  })
})
