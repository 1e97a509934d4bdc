import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { PlimsollError } from '../../../base/errors.ts'
import type { Finding } from '../../../core/console/finding.ts'
import {
  JOURNALD_DROP_IN,
  SYSCTL_DROP_IN,
  TMPFILES_DROP_IN,
} from '../../../core/console/finding.ts'
import { planFix } from '../../../core/console/fix/plan.ts'
import { planUndo } from '../../../core/console/fix/undo.ts'
import type { JournalEntry, Undo } from '../../../core/console/guard-journal.ts'
import { formatGuardJournal, GUARD_JOURNAL } from '../../../core/console/guard-journal.ts'
import { readStartTicks } from '../../../linux/start-ticks.ts'
import type { Faults } from './carry-out.ts'
import { beforeOf, carryOutFix, carryOutUndo, endSilence } from './carry-out.ts'
import type { World } from './fix-world.fixture.ts'
import {
  CONSOLE,
  DETACH,
  FREEZE,
  hostAt,
  JOURNAL,
  LOUD,
  LOUDER,
  makeWorld,
  PRINTK,
  STORAGE,
  SYNC,
} from './fix-world.fixture.ts'

const KILLED = join(import.meta.dirname, 'killed-fix.fixture.ts')

function fix(world: World, ...findings: readonly Finding[]): Faults {
  return carryOutFix(planFix(findings, beforeOf(world.host)), world.host)
}

function undo(world: World, ...ids: readonly string[]): readonly string[] {
  const plan = planUndo(ids, beforeOf(world.host))
  return [...carryOutUndo(plan, world.host), ...plan.left]
}

/** Every file of a host but the kernel's, with what is in it. */
function etc(world: World): readonly string[] {
  const names = readdirSync(join(world.root, 'etc'), { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => lstatSync(join(world.root, 'etc', name)).isFile())
    .map((name) => `${name}: ${world.read(`/etc/${name}`)}`)
    .sort()
}

function inWorld(name: string, play: (world: World) => void, skip?: string): void {
  test(name, skip === undefined ? {} : { skip }, () => {
    const world = makeWorld()
    try {
      play(world)
    } finally {
      world.remove()
    }
  })
}

/** Values as words: sysfs says `Y`, and a plain file what was written. */
function values(world: World): readonly string[] {
  return [PRINTK, CONSOLE].map((path) => world.read(path).trim().replaceAll('\t', ' '))
}

inWorld('a fix writes settings and files, and an undo leaves nothing of them', (world) => {
  const before = etc(world)
  assert.deepEqual(fix(world, FREEZE, DETACH, STORAGE, SYNC), [])
  assert.deepEqual(values(world), ['5 7 1 7', '0'])
  assert.match(world.read(SYSCTL_DROP_IN), /^kernel\.printk = 5 7 1 7$/m)
  assert.match(world.read(TMPFILES_DROP_IN), /^w \/sys\/class\/tty\/ttyS1\/console - - - - 0$/m)
  assert.match(world.read(JOURNALD_DROP_IN), /Storage=persistent[\s\S]*SyncIntervalSec=15s/)
  const modes = [JOURNAL, '/var/lib/plimsoll/undo', SYSCTL_DROP_IN].map(
    (path) => statSync(world.root + path).mode & 0o777,
  )
  assert.deepEqual(modes, [0o600, 0o700, 0o644])

  assert.deepEqual(undo(world), [])
  assert.deepEqual(values(world), ['7 4 1 7', '1'])
  assert.deepEqual(etc(world), before)
  assert.deepEqual(readdirSync(`${world.root}/var/lib/plimsoll/undo`), [])
})

inWorld('what the owner changed in between stays as they have it', (world) => {
  fix(world, FREEZE, STORAGE)
  world.write(PRINTK, '8 4 1 7\n')
  const edited = `${world.read(JOURNALD_DROP_IN)}# mine\n`
  world.write(JOURNALD_DROP_IN, edited)
  const told = undo(world)
  assert.equal(told.length, 2)
  assert.equal(world.read(PRINTK), '8 4 1 7\n')
  assert.equal(world.read(JOURNALD_DROP_IN), edited)
  assert.ok(!existsSync(world.root + SYSCTL_DROP_IN))
})

inWorld("a file of that name that is the owner's is never written to", (world) => {
  world.write(SYSCTL_DROP_IN, 'kernel.printk = 1 1 1 1\n')
  const target = `${world.root}/target`
  world.write('/target', 'x\n')
  mkdirSync(`${world.root}/etc/systemd/journald.conf.d`, { recursive: true })
  symlinkSync(target, world.root + JOURNALD_DROP_IN)
  fix(world, FREEZE, STORAGE)
  assert.deepEqual(
    [world.read(SYSCTL_DROP_IN), world.read('/target')],
    ['kernel.printk = 1 1 1 1\n', 'x\n'],
  )
  assert.equal(values(world)[0], '5 7 1 7')
})

inWorld('a setting that cannot be written is told, and the rest is done', (world) => {
  chmodSync(world.root + PRINTK, 0o644)
  rmSync(world.root + CONSOLE)
  mkdirSync(world.root + CONSOLE)
  const plan = planFix([FREEZE], beforeOf(world.host))
  const failing = { ...world.host, settings: { ...world.host.settings, write: () => 'no' } }
  const faults = carryOutFix(plan, failing)
  assert.deepEqual(faults, [`${PRINTK} was not changed: no.`])
  assert.ok(existsSync(world.root + SYSCTL_DROP_IN))
  assert.deepEqual(undo(world), [])
  assert.ok(!existsSync(world.root + SYSCTL_DROP_IN))
})

function kill(world: World, what: 'fix' | 'undo', at: number): void {
  const { signal, stderr } = spawnSync(process.execPath, [KILLED, world.root, what, String(at)], {
    encoding: 'utf8',
    timeout: 30_000,
  })
  assert.equal(signal, 'SIGKILL', stderr)
}

for (const at of [0, 1]) {
  inWorld(`killed before write ${at} of a fix: an undo puts all back`, (world) => {
    const before = etc(world)
    kill(world, 'fix', at)
    assert.deepEqual(values(world), [at === 0 ? '7 4 1 7' : '5 7 1 7', 'Y'])
    assert.ok(existsSync(world.root + JOURNAL))
    assert.deepEqual(undo(world), [])
    assert.deepEqual([values(world), etc(world)], [['7 4 1 7', 'Y'], before])
    assert.ok(!existsSync(world.root + JOURNAL))
  })
}

for (const at of [0, 1, 2, 3]) {
  inWorld(`killed before write ${at} of an undo: the next run ends the silence`, (world) => {
    fix(world, FREEZE, DETACH)
    kill(world, 'undo', at)
    assert.equal(values(world)[0], at === 1 || at === 2 ? '1 7 1 7' : '5 7 1 7')
    assert.deepEqual(endSilence(world.host), [])
    assert.equal(values(world)[0], '5 7 1 7')
    assert.deepEqual(undo(world), [])
    assert.deepEqual(values(world), ['7 4 1 7', '1'])
    assert.ok(!existsSync(world.root + JOURNAL) && !existsSync(world.root + SYSCTL_DROP_IN))
  })
}

inWorld('a silence of another boot, or that the owner has ended, is left', (world) => {
  fix(world, FREEZE, DETACH)
  kill(world, 'undo', 1)
  assert.deepEqual(endSilence(hostAt(world.root, 'b2')), [])
  assert.equal(values(world)[0], '1 7 1 7')
})

inWorld('while a console comes back no line is loud enough', (world) => {
  fix(world, FREEZE, DETACH)
  const writes: string[] = []
  const { settings } = world.host
  const watched = {
    ...world.host,
    settings: {
      read: settings.read,
      write(path: string, value: string) {
        writes.push(`${path} ${value}`)
        // What is about to be done stands in the journal.
        assert.match(world.read(JOURNAL), /"silenced":\{"bootId":"b1","printk":"5 7 1 7"\}/)
        return settings.write(path, value)
      },
    },
  }
  carryOutUndo(planUndo([], beforeOf(watched)), watched)
  assert.deepEqual(writes, [
    `${PRINTK} 1 7 1 7`,
    `${CONSOLE} 1`,
    `${PRINTK} 5 7 1 7`,
    `${PRINTK} 7 4 1 7`,
  ])
})

/** What a console guard of this boot leaves word of; of a process that is gone unless it is told. */
function leave(
  world: World,
  state: 'calm' | 'near' | 'back',
  undone: Undo,
  guard: JournalEntry['guard'] = { pid: process.pid, startTicks: 1 },
): void {
  const text = formatGuardJournal({ bootId: 'b1', guard, undo: undone }).replace('calm', state)
  mkdirSync(`${world.root}/var/lib/plimsoll`, { recursive: true })
  writeFileSync(world.root + GUARD_JOURNAL, text, { mode: 0o600 })
}

const FOUND = { consoleLevel: 7, defaultLevel: 4 }
const BULK: Undo = { remedy: 'bulk', found: FOUND, set: { consoleLevel: 5, defaultLevel: 7 } }
const TAKEN: Undo = { remedy: 'detach', console: 'ttyS1', found: FOUND }

for (const [what, set, expected] of [
  ['all', '5\t7\t1\t7\n', '7 4 1 7'],
  ['what the owner has not set since', '4\t7\t1\t7\n', '4 4 1 7'],
  ['nothing that the owner has set since', '6\t6\t1\t7\n', '6 6 1 7'],
] as const) {
  inWorld(`of a guard that was killed, ${what} is given back, and its journal goes`, (world) => {
    leave(world, 'near', BULK)
    world.write(PRINTK, set)
    assert.deepEqual(undo(world, 'console-guard'), [])
    assert.equal(values(world)[0], expected)
    assert.ok(!existsSync(world.root + GUARD_JOURNAL))
  })
}

for (const state of ['near', 'back'] as const) {
  inWorld(`a UART that a guard took and left ${state} comes back in silence`, (world) => {
    leave(world, state, TAKEN)
    if (state === 'back') world.write(PRINTK, '1\t4\t1\t7\n')
    world.write(CONSOLE, 'N\n')
    const writes: string[] = []
    const { settings } = world.host
    const watched = {
      ...world.host,
      settings: {
        read: settings.read,
        write(path: string, value: string) {
          writes.push(`${path} ${value}`)
          return settings.write(path, value)
        },
      },
    }
    assert.deepEqual(carryOutUndo(planUndo([], beforeOf(watched)), watched), [])
    assert.ok(writes.indexOf(`${PRINTK} 1 4 1 7`) < writes.indexOf(`${CONSOLE} 1`), writes.join())
    assert.deepEqual(values(world), ['7 4 1 7', '1'])
    assert.ok(!existsSync(world.root + GUARD_JOURNAL) && !existsSync(world.root + JOURNAL))
  })
}

inWorld('what a guard has changed is its own as long as it runs, and that is told', (world) => {
  fix(world, DETACH)
  const alive = { pid: process.pid, startTicks: readStartTicks('/proc', process.pid) }
  leave(world, 'near', BULK, alive)
  world.write(PRINTK, '5\t7\t1\t7\n')
  const [told = '', ...more] = undo(world)
  assert.match(told, /^console-guard: the console guard \(process \d+\) is at work/)
  // The rest is undone.
  assert.deepEqual([more, values(world)], [[], ['5 7 1 7', '1']])
  assert.ok(existsSync(world.root + GUARD_JOURNAL))
})

inWorld('a setting of a fix that a guard has changed since waits for its end', (world) => {
  world.write(PRINTK, '4\t4\t1\t7\n')
  fix(world, LOUDER)
  leave(world, 'near', BULK)
  world.write(PRINTK, '5\t7\t1\t7\n')
  assert.match(undo(world, 'network-beside-line').join(), /console guard has changed it/)
  assert.match(world.read(JOURNAL), /"old":"4 4 1 7"/)
  assert.deepEqual([undo(world), values(world)[0]], [[], '4 4 1 7'])
})

inWorld('what a guard of another boot left, or one in calm times, is no change', (world) => {
  leave(world, 'near', BULK)
  world.write(PRINTK, '5\t7\t1\t7\n')
  const other = hostAt(world.root, 'b2')
  assert.deepEqual(planUndo([], beforeOf(other)).settings, [])
  leave(world, 'calm', BULK)
  assert.deepEqual([undo(world), values(world)[0]], [[], '5 7 1 7'])
})

test("one change at a time; a run that was killed is in nobody's way", async () => {
  const world = makeWorld()
  try {
    const { store } = world.host
    await store.underLock(async () => {
      await assert.rejects(
        store.underLock(() => {}),
        { code: 'PLM_UNDO', message: /another process/ },
      )
    })
    kill(world, 'fix', 0)
    assert.ok(existsSync(`${world.root}/var/lib/plimsoll/undo/lock`))
    assert.deepEqual(await store.underLock(() => undo(world)), [])
    assert.deepEqual(readdirSync(`${world.root}/var/lib/plimsoll/undo`), [])
  } finally {
    world.remove()
  }
})

const isRoot = process.getuid?.() === 0
const notRoot = isRoot ? undefined : 'only root can give files to others'

/** What somebody else might do to the journal, and what is said then. */
const HOSTILE: readonly (readonly [
  what: string,
  do_: (journal: string, directory: string) => void,
  said: RegExp,
  skip?: string | undefined,
])[] = [
  [
    'a symbolic link',
    (journal) => {
      renameSync(journal, `${journal}.elsewhere`)
      symlinkSync(`${journal}.elsewhere`, journal)
    },
    /it is a symbolic link/,
  ],
  ['a second name', (journal) => linkSync(journal, `${journal}.other`), /a second name/],
  ['a file that others may write', (journal) => chmodSync(journal, 0o622), /others may write/],
  [
    'a FIFO',
    (journal) => {
      rmSync(journal)
      spawnSync('mkfifo', [journal])
    },
    /it is no file/,
  ],
  ['a file of another user', (journal) => chownSync(journal, 12345, 0), /user 12345/, notRoot],
  ['a directory that others may write', (_, at) => chmodSync(at, 0o777), /others may write/],
  ['a directory of another user', (_, at) => chownSync(at, 12345, 0), /user 12345/, notRoot],
  [
    'a directory that is a link',
    (_, at) => {
      renameSync(at, `${at}.elsewhere`)
      symlinkSync(`${at}.elsewhere`, at)
    },
    /it is a symbolic link/,
  ],
]

for (const [what, spoil, said, skip] of HOSTILE) {
  inWorld(
    `${what} in place of the journal is refused, and nothing is changed`,
    (world) => {
      fix(world, FREEZE)
      spoil(world.root + JOURNAL, `${world.root}/var/lib/plimsoll/undo`)
      for (const act of [() => undo(world), () => fix(world, STORAGE)]) {
        assert.throws(act, (error) => {
          assert.ok(error instanceof PlimsollError && error.code === 'PLM_UNDO', String(error))
          assert.match(error.message, said)
          return true
        })
      }
      assert.equal(values(world)[0], '5 7 1 7')
      assert.ok(!existsSync(world.root + JOURNALD_DROP_IN))
    },
    skip,
  )
}

for (const [what, spoil, said, skip] of HOSTILE.slice(0, 5)) {
  inWorld(
    `${what} in place of a console guard's journal is refused, and nothing is changed`,
    (world) => {
      leave(world, 'near', BULK)
      world.write(PRINTK, '5\t7\t1\t7\n')
      spoil(world.root + GUARD_JOURNAL, `${world.root}/var/lib/plimsoll`)
      assert.throws(() => undo(world), { code: 'PLM_UNDO', message: said })
      assert.equal(values(world)[0], '5 7 1 7')
    },
    skip,
  )
}

inWorld('a console guard that names another place than a UART is refused', (world) => {
  for (const name of ['../../../etc/shadow', 'tty0', 'ttyS1/../x']) {
    leave(world, 'near', { ...TAKEN, console: name })
    assert.throws(() => undo(world), /no console guard wrote that/)
  }
})

inWorld('a journal with a path in it is refused', (world) => {
  fix(world, FREEZE)
  const good = world.read(JOURNAL)
  for (const name of ['/etc/shadow', '../../etc/shadow', 'kernel.core_pattern']) {
    world.write(JOURNAL, good.replace('kernel.printk', name))
    assert.throws(() => undo(world), /plimsoll did not write what it says/)
  }
  assert.equal(values(world)[0], '5 7 1 7')
  assert.equal(LOUD, '7\t4\t1\t7\n')
})
