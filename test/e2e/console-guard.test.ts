/**
 * @module The adaptive console on a host that is a directory: the real guard, whose memory and whose
 * kernel.printk are files that the test changes. No setting of this machine is touched.
 */
import assert from 'node:assert/strict'
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { MIB } from '../../src/base/units.ts'
import type { Event, StateBody } from '../../src/core/wire/records.ts'
import { connectGuard } from '../../src/io/guard/link.ts'
import { meminfoText, openProcTree } from '../../src/linux/proc-tree.fixture.ts'
import { buildOnce, runToEnd, until } from './agent-run.ts'

const UART = 'ttyS1                -W- (EC   p a)    4:65\n'
const NETWORK = 'netcon0              -W- (E      a)\n'
const SCREEN = 'tty0                 -WU (E    p  )    4:7\n'

interface FakeHost {
  readonly root: string
  readonly events: Event[]
  readonly state: () => StateBody | undefined
  /** MiB of 1000 that are left. */
  setRoom(mib: number): void
  setPrintk(text: string): void
  printk(): string
  write(path: string, text: string): void
  read(path: string): string
  start(isOn?: boolean): Promise<ChildProcess>
  untilPrintk(text: string): Promise<void>
  untilTold(what: string, count?: number): Promise<Event>
  /** So many MiB left were seen at three ticks: longer than the console guard ever waits. */
  untilSeen(mib: number): Promise<void>
}

function openHost(context: TestContext): FakeHost {
  const tree = openProcTree()
  context.after(() => tree[Symbol.dispose]())
  const root = tree.procRoot.replace(/\/proc$/, '')
  const events: Event[] = []
  const seenMib: number[] = []
  let state: StateBody | undefined
  let link: { stop(): void } | undefined
  const children: ChildProcess[] = []
  context.after(async () => {
    link?.stop()
    for (const child of children) {
      if (child.exitCode !== null || child.signalCode !== null) continue
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }
  })
  const host: FakeHost = {
    root,
    events,
    state: () => state,
    setRoom(mib) {
      const kib = { MemTotal: 1_024_000, MemFree: 1024, MemAvailable: mib * 1024 }
      tree.write('proc/meminfo', meminfoText(kib))
    },
    setPrintk: (text) => tree.write('proc/sys/kernel/printk', text),
    printk: () =>
      readFileSync(join(root, 'proc/sys/kernel/printk'), 'utf8').trim().split(/\s+/).join(' '),
    write: tree.write,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    async start(isOn = true) {
      const socketPath = join(root, 'own/guard.sock')
      const settings = {
        socketPath,
        stateFile: null,
        intervalMs: 500,
        procRoot: tree.procRoot,
        sysRoot: tree.sysRoot,
        console: { isOn, journalFile: join(root, 'console.journal'), hostRoot: root },
      }
      writeFileSync(join(root, 'guard.json'), JSON.stringify(settings))
      const program = join(await buildOnce(), 'guard.cjs')
      const child = spawn(process.execPath, [program, '--settings', join(root, 'guard.json')], {
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      child.stderr.resume()
      children.push(child)
      link ??= connectGuard(
        socketPath,
        {
          onEvent: (event) => events.push(event),
          onTick: (_, { host: row }) => seenMib.push((row?.memAvailableBytes ?? 0) / MIB),
          onState(body) {
            state = body
          },
        },
        { firstWaitMs: 20, lastWaitMs: 50 },
      )
      return child
    },
    async untilPrintk(text) {
      await until(`kernel.printk ${text}`, () => (host.printk() === text ? true : undefined))
    },
    async untilSeen(mib) {
      await until(`three ticks with ${mib} MiB`, () =>
        seenMib.filter((seen) => seen === mib).length >= 3 ? true : undefined,
      )
    },
    untilTold: (what, count = 1) =>
      until(`${count} events ${what}`, () => {
        const told = events.filter(({ kind, data }) => kind === 'console' && data.what === what)
        return told.length >= count ? told.at(-1) : undefined
      }),
  }
  host.setRoom(600)
  host.setPrintk('7\t4\t1\t7\n')
  tree.write('proc/consoles', UART)
  tree.write('proc/cmdline', 'console=ttyS1,115200n8\n')
  tree.write('proc/vmstat', 'nr_free_pages 1\noom_kill 3\n')
  tree.write('proc/self/auxv', readFileSync('/proc/self/auxv'))
  tree.write('proc/sys/kernel/random/boot_id', '11111111-1111-4111-8111-111111111111\n')
  tree.write('proc/sys/kernel/version', '#1 SMP PREEMPT_DYNAMIC Debian\n')
  tree.write('sys/module/printk/parameters/ignore_loglevel', 'N\n')
  tree.write('dev/kmsg', '')
  return host
}

/** Its journal is there: what would be changed is noted. */
async function untilReady(host: FakeHost): Promise<void> {
  await until('the journal', () =>
    existsSync(join(host.root, 'console.journal')) ? true : undefined,
  )
}

async function untilSaid(child: ChildProcess, what: string): Promise<void> {
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  await until(what, () => (said.includes(what) ? true : undefined))
}

async function endBy(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

test('the console is quiet while an OOM is near, and as it was afterwards', async (context) => {
  const host = openHost(context)
  await host.start()
  await untilReady(host)
  assert.equal(host.printk(), '7 4 1 7')
  host.setRoom(100)
  await host.untilPrintk('5 7 1 7')
  assert.match(host.read('console.journal'), /^near\n/)
  const quiet = await host.untilTold('quiet')
  assert.match(quiet.reason, /^an OOM is near, with 100 MiB left of 1000 MiB: /)
  assert.deepEqual([quiet.data.found, quiet.data.set], ['7 4', '5 7'])
  await until('the state', () => (host.state()?.console?.isQuiet ? true : undefined))

  host.write('proc/vmstat', 'nr_free_pages 1\noom_kill 4\n')
  host.setRoom(600)
  await host.untilPrintk('7 4 1 7')
  const restored = await host.untilTold('restored')
  assert.equal(restored.data.oomKills, 1)
  await until('the summary', () =>
    host.read('dev/kmsg').split('\n').length === 3 ? true : undefined,
  )
  assert.match(
    host.read('dev/kmsg'),
    /^<4>plimsoll: memory was short for .*; 1 process killed\n<4>plimsoll: /,
  )
  assert.match(host.read('console.journal'), /^calm\n/)
})

test('nothing is printed where nothing was killed', async (context) => {
  const host = openHost(context)
  const guard = await host.start()
  await untilReady(host)
  host.setRoom(100)
  await host.untilPrintk('5 7 1 7')
  host.setRoom(600)
  assert.equal((await host.untilTold('restored')).data.oomKills, 0)
  await endBy(guard, 'SIGTERM')
  assert.equal(host.read('dev/kmsg'), '')
})

test('what the owner sets while an OOM is near stays, and counts from then on', async (context) => {
  const host = openHost(context)
  await host.start()
  await untilReady(host)
  host.setRoom(100)
  await host.untilPrintk('5 7 1 7')
  host.setPrintk('8\t4\t1\t7\n')
  await host.untilTold('changed')
  assert.equal(host.printk(), '8 4 1 7')
  host.setRoom(600)
  await until('the new plan', () =>
    host.read('console.journal').includes('"consoleLevel":8') ? true : undefined,
  )
  assert.equal(host.printk(), '8 4 1 7')
  host.setRoom(100)
  await host.untilPrintk('5 7 1 7')
  host.setRoom(600)
  await host.untilPrintk('8 4 1 7')
})

test('where the owner sets the first number alone, the second goes back', async (context) => {
  const host = openHost(context)
  await host.start()
  await untilReady(host)
  host.setRoom(100)
  await host.untilPrintk('5 7 1 7')
  host.setPrintk('4\t7\t1\t7\n')
  await host.untilTold('changed')
  await host.untilPrintk('4 4 1 7')
})

test('a value of the owner that is quiet already is left alone', async (context) => {
  const host = openHost(context)
  host.setPrintk('5\t7\t1\t7\n')
  const guard = await host.start()
  await until('the plan', () =>
    host.state()?.console?.about.includes('quiet as it is') ? true : undefined,
  )
  host.setRoom(100)
  await host.untilSeen(100)
  await endBy(guard, 'SIGTERM')
  assert.equal(host.printk(), '5 7 1 7')
  assert.deepEqual(host.events, [])
})

test('the guard after one that was killed gives back what that one found', async (context) => {
  const host = openHost(context)
  const killed = await host.start()
  await untilReady(host)
  host.setRoom(100)
  await host.untilPrintk('5 7 1 7')
  await endBy(killed, 'SIGKILL')
  assert.equal(host.printk(), '5 7 1 7')
  await host.start()
  host.setRoom(600)
  await host.untilPrintk('7 4 1 7')
  await until('the journal of the new one', () =>
    host.read('console.journal').startsWith('calm') ? true : undefined,
  )
})

test('a guard without --console-guard gives it back as well', async (context) => {
  const host = openHost(context)
  const killed = await host.start()
  await untilReady(host)
  host.setRoom(100)
  await host.untilPrintk('5 7 1 7')
  await endBy(killed, 'SIGKILL')
  await host.start(false)
  await host.untilPrintk('7 4 1 7')
  await until('no journal', () =>
    existsSync(join(host.root, 'console.journal')) ? undefined : true,
  )
})

for (const [what, change] of [
  ['the owner set another value since', (host: FakeHost) => host.setPrintk('6\t4\t1\t7\n')],
  [
    'the machine was started anew',
    (host: FakeHost) =>
      host.write('proc/sys/kernel/random/boot_id', '22222222-2222-4222-8222-222222222222\n'),
  ],
] as const) {
  test(`nothing is given back where ${what}`, async (context) => {
    const host = openHost(context)
    const killed = await host.start()
    await untilReady(host)
    host.setRoom(100)
    await host.untilPrintk('5 7 1 7')
    await endBy(killed, 'SIGKILL')
    host.setRoom(600)
    change(host)
    const before = host.printk()
    const next = await host.start(false)
    await until('no journal', () =>
      existsSync(join(host.root, 'console.journal')) ? undefined : true,
    )
    await endBy(next, 'SIGTERM')
    assert.equal(host.printk(), before)
  })
}

test('a guard that is ended gives back what it changed, and leaves nothing', async (context) => {
  const host = openHost(context)
  const guard = await host.start()
  await untilReady(host)
  host.setRoom(100)
  await host.untilPrintk('5 7 1 7')
  await endBy(guard, 'SIGTERM')
  assert.equal(host.printk(), '7 4 1 7')
  assert.equal(existsSync(join(host.root, 'console.journal')), false)
})

test('a second guard touches nothing', async (context) => {
  const host = openHost(context)
  await host.start()
  await untilReady(host)
  host.setRoom(100)
  await host.untilPrintk('5 7 1 7')
  const second = await host.start(false)
  const [code] = (await once(second, 'exit')) as [number]
  assert.equal(code, 69)
  assert.equal(host.printk(), '5 7 1 7')
  assert.match(host.read('console.journal'), /^near\n/)
})

/** Levels would cost the network its copy: the UART is what can be taken away. */
function detachable(host: FakeHost): void {
  host.write('proc/consoles', `${UART}${SCREEN}${NETWORK}`)
  host.write('run/rsyslogd.pid', '1\n')
  host.write('etc/rsyslog.conf', '*.info /var/log/messages\n')
  host.write('sys/class/tty/ttyS1/console', 'Y\n')
}

test('one UART is taken away, and given back in silence, where levels would cost the network its copy', async (context) => {
  const host = openHost(context)
  detachable(host)
  await host.start()
  await untilReady(host)
  host.setRoom(100)
  await host.untilTold('quiet')
  assert.equal(host.read('sys/class/tty/ttyS1/console'), '0\n')
  // As the kernel says it.
  host.write('sys/class/tty/ttyS1/console', 'N\n')
  host.setRoom(600)
  await host.untilTold('restored')
  assert.equal(host.read('sys/class/tty/ttyS1/console'), '1\n')
  assert.equal(host.printk(), '7 4 1 7')
})

test('what a killed guard left is given back once that can be, where the console guard is off', async (context) => {
  const host = openHost(context)
  detachable(host)
  const killed = await host.start()
  await untilReady(host)
  host.setRoom(100)
  await host.untilTold('quiet')
  await endBy(killed, 'SIGKILL')
  // Begins with an N, and takes no write.
  const uart = join(host.root, 'sys/class/tty/ttyS1/console')
  rmSync(uart)
  symlinkSync('/proc/self/status', uart)
  const next = await host.start(false)
  await untilSaid(next, 'cannot be given back yet')
  rmSync(uart)
  writeFileSync(uart, 'N\n')
  await until('no journal', () =>
    existsSync(join(host.root, 'console.journal')) ? undefined : true,
  )
  assert.equal(host.read('sys/class/tty/ttyS1/console'), '1\n')
  assert.equal(host.printk(), '7 4 1 7')
})

test('what cannot be prepared is not tried again at every look', async (context) => {
  const host = openHost(context)
  await host.start()
  await untilReady(host)
  mkdirSync(join(host.root, 'console.journal.part'))
  host.setPrintk('8\t4\t1\t7\n')
  await until('the fault', () => (host.state()?.errors.PLM_CONSOLE ? true : undefined))
  host.setRoom(100)
  await host.untilSeen(100)
  assert.equal(host.state()?.errors.PLM_CONSOLE, 1)
  assert.equal(host.printk(), '8 4 1 7')
})

test('a group close to its limit keeps the bulk away, for as long as that is so', async (context) => {
  const host = openHost(context)
  host.write('sys/fs/cgroup/cgroup.controllers', 'memory\n')
  host.write('sys/fs/cgroup/box/memory.current', '104857600\n')
  host.write('sys/fs/cgroup/box/memory.stat', 'anon 104857600\nfile 0\nshmem 0\nsock 0\nkernel 0\n')
  host.write('sys/fs/cgroup/box/memory.max', '209715200\n')
  host.write('sys/fs/cgroup/box/memory.high', 'max\n')
  host.write('proc/77/stat', '77 (box) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 500 0 0\n')
  host.write('proc/77/statm', '100 100 0 0 0 0 0\n')
  host.write('proc/77/status', 'Name:\tbox\nUid:\t0\t0\t0\t0\nRssAnon:\t400 kB\nThreads:\t1\n')
  host.write('proc/77/cgroup', '0::/box\n')
  host.write('proc/77/cmdline', '')
  const guard = await host.start()
  await host.untilPrintk('5 7 1 7')
  const told = await host.untilTold('quiet')
  assert.match(told.reason, /^cgroup \/box may reach its limit between two looks: /)
  await until('the state', () => (host.state()?.console?.forCgroup === '/box' ? true : undefined))
  host.write('proc/vmstat', 'oom_kill 9\n')
  await endBy(guard, 'SIGTERM')
  assert.equal(host.printk(), '7 4 1 7')
  assert.equal(host.read('dev/kmsg'), '', 'what the console had of it was enough')
})

test('a console guard that cannot write kernel.printk says so', async (context) => {
  const host = openHost(context)
  rmSync(join(host.root, 'proc/sys/kernel/printk'))
  await host.start()
  await until('why', () => {
    const about = host.state()?.console?.about ?? ''
    return /^nothing is done about consoles: .*printk cannot be opened for writing/.test(about)
      ? true
      : undefined
  })
})

test('the console guard is refused to who is not root', {
  skip: process.getuid?.() === 0 ? 'root may' : false,
}, async () => {
  const { code, stderr } = await runToEnd(['agent', '--console-guard', '--check-config'])
  assert.equal(code, 77)
  assert.match(stderr, /the console guard needs root/)
})
