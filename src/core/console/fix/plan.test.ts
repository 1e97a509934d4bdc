import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DropIn, Finding, Write } from '../finding.ts'
import { JOURNALD_DROP_IN, SYSCTL_DROP_IN, sysctlFix, sysfsFix } from '../finding.ts'
import type { DropInKind } from './drop-in.ts'
import { parseBlocks, renderBlocks } from './drop-in.ts'
import type { UndoJournal } from './journal.ts'
import { EMPTY_JOURNAL, formatJournal, parseJournal } from './journal.ts'
import { laterFiles } from './later.ts'
import type { Before, Seen } from './plan.ts'
import { isEmptyPlan, journalOf, planFix } from './plan.ts'
import { journalAfterUndo, journalBeforeUndo, planUndo } from './undo.ts'

const PRINTK = '/proc/sys/kernel/printk'
const PANIC = '/proc/sys/kernel/panic'
const CONSOLE = '/sys/class/tty/ttyS1/console'

function finding(
  id: string,
  fix: { now: readonly Write[]; persistent: readonly DropIn[] },
): Finding {
  return {
    id,
    severity: 'high',
    title: '',
    what: '',
    evidence: [],
    consequence: '',
    fix: { ...fix, advice: '' },
    givesUp: '',
    undo: '',
  }
}

interface World {
  readonly values: Readonly<Record<string, string>>
  readonly files?: Readonly<Partial<Record<DropInKind, Seen>>>
  readonly journal?: UndoJournal
  readonly bootId?: string
  readonly guard?: Before['guard']
}

function before(world: World): Before {
  const { values, files = {}, journal = EMPTY_JOURNAL, bootId = 'b1', guard = null } = world
  return {
    bootId,
    guard,
    journal,
    readSetting: (path) => values[path] ?? null,
    readDropIn: (kind) => files[kind] ?? { kind: 'none' },
  }
}

const FREEZE = finding('console-freeze', sysctlFix('kernel.printk', '5 7 1 7'))
const KILL_LINE = finding('kill-line-hidden', sysctlFix('kernel.printk', '4 4 1 7'))
const TIMEOUT = finding('panic-timeout', sysctlFix('kernel.panic', 10))
const DETACH = finding('network-beside-line', sysfsFix(CONSOLE, 0))
const LOUD = { [PRINTK]: '7\t4\t1\t7', [PANIC]: '0', [CONSOLE]: 'Y' }

const text = (value: string | null | undefined): Seen =>
  value === null || value === undefined ? { kind: 'none' } : { kind: 'text', text: value }

test('fixes of one file are merged into it, each below its id', () => {
  const plan = planFix([FREEZE, TIMEOUT], before({ values: LOUD }))
  assert.deepEqual(plan.settings, [
    { id: 'console-freeze', name: 'kernel.printk', path: PRINTK, old: '7 4 1 7', new: '5 7 1 7' },
    { id: 'panic-timeout', name: 'kernel.panic', path: PANIC, old: '0', new: '10' },
  ])
  assert.equal(plan.files.length, 1)
  const after = plan.files[0]?.texts.after ?? ''
  assert.match(
    after,
    /\n# console-freeze\nkernel\.printk = 5 7 1 7\n\n# panic-timeout\nkernel\.panic = 10\n$/,
  )
  assert.deepEqual(
    parseBlocks(after)?.map(({ id }) => id),
    ['console-freeze', 'panic-timeout'],
  )
  assert.deepEqual(plan.skipped, [])
})

test('of two that set the same the graver one counts, and the other is told', () => {
  const plan = planFix([FREEZE, KILL_LINE], before({ values: LOUD }))
  assert.deepEqual(
    plan.settings.map((one) => one.new),
    ['5 7 1 7'],
  )
  assert.doesNotMatch(plan.files[0]?.texts.after ?? '', /4 4 1 7/)
  assert.equal(plan.skipped.length, 2)
})

test("a file that is the owner's, or strange, is left alone and told", () => {
  const own = 'kernel.printk = 1 1 1 1\n'
  const strange: Seen = { kind: 'strange', why: 'it is a symbolic link' }
  for (const seen of [text(own), strange, text(`${renderBlocks([])}\n# x\nmine\n`)]) {
    const plan = planFix([FREEZE], before({ values: LOUD, files: { sysctl: seen } }))
    assert.deepEqual([plan.files, plan.skipped.length], [[], 1])
    assert.equal(plan.settings.length, 1)
  }
})

test('what cannot be read, or is no setting of a fix, is not written', () => {
  assert.ok(
    isEmptyPlan(
      planFix([finding('sysrq', { ...FREEZE.fix, persistent: [] })], before({ values: {} })),
    ),
  )
  const bad = finding('sysrq', { now: [{ path: '/etc/passwd', value: '1' }], persistent: [] })
  // Or the journal, which holds it, would be refused.
  for (const odd of ['', '|/bin/sh', 'x'.repeat(100)]) {
    assert.deepEqual(planFix([FREEZE], before({ values: { [PRINTK]: odd } })).settings, [])
  }
  const plan = planFix([bad], before({ values: { '/etc/passwd': '0' } }))
  assert.deepEqual([plan.settings, plan.skipped.length], [[], 1])
})

/** The host after a fix. */
function fixed(findings: readonly Finding[], world: World): World {
  const at = before(world)
  const plan = planFix(findings, at)
  const values = { ...world.values }
  for (const { path, new: value } of plan.settings) values[path] = value
  const files = { ...world.files }
  for (const { kind, texts } of plan.files) files[kind] = text(texts.after)
  return { ...world, values, files, journal: journalOf(plan, at) }
}

function undone(ids: readonly string[], world: World): World & { left: readonly string[] } {
  const at = before(world)
  const plan = planUndo(ids, at)
  const values = { ...world.values }
  for (const { path, new: value } of plan.settings) values[path] = value
  const files = { ...world.files }
  for (const { kind, texts } of plan.files) files[kind] = text(texts.after)
  const journal = journalAfterUndo(plan, journalBeforeUndo(plan, at))
  return { ...world, values, files, journal, left: plan.left }
}

test('an undo puts back what was there, and takes the file away', () => {
  const world = undone([], fixed([FREEZE, TIMEOUT], { values: LOUD }))
  assert.equal(world.values[PRINTK], '7 4 1 7')
  assert.equal(world.values[PANIC], '0')
  assert.deepEqual([world.files?.sysctl, world.left], [{ kind: 'none' }, []])
  assert.deepEqual(world.journal, EMPTY_JOURNAL)
})

test('an undo of one keeps what the others wrote', () => {
  const both = fixed([TIMEOUT], fixed([FREEZE], { values: LOUD }))
  const world = undone(['console-freeze'], both)
  assert.deepEqual([world.values[PRINTK], world.values[PANIC]], ['7 4 1 7', '10'])
  assert.deepEqual(
    world.files?.sysctl,
    text(renderBlocks([{ id: 'panic-timeout', text: 'kernel.panic = 10\n' }])),
  )
  const rest = undone([], world)
  assert.deepEqual([rest.values[PANIC], rest.files?.sysctl], ['0', { kind: 'none' }])
})

test('what the owner changed since is left, and told', () => {
  const after = fixed([FREEZE, TIMEOUT], { values: LOUD })
  const edited = text(
    `${after.files?.sysctl?.kind === 'text' ? after.files.sysctl.text : ''}vm.x = 1\n`,
  )
  const world = undone([], {
    ...after,
    values: { ...after.values, [PRINTK]: '6 6 1 7' },
    files: { sysctl: edited },
  })
  assert.deepEqual([world.values[PRINTK], world.values[PANIC]], ['6 6 1 7', '0'])
  assert.deepEqual(world.files?.sysctl, edited)
  assert.equal(world.left.length, 2)
})

test('what cannot be read now stays in the journal, and the rest is put back', () => {
  const both = finding('console-freeze', {
    now: [...FREEZE.fix.now, ...DETACH.fix.now],
    persistent: FREEZE.fix.persistent,
  })
  const after = fixed([TIMEOUT, both], { values: LOUD })
  const { [CONSOLE]: _, ...readable } = after.values
  const world = undone([], { ...after, values: readable })
  assert.deepEqual([world.values[PRINTK], world.values[PANIC]], ['7 4 1 7', '0'])
  assert.deepEqual(world.left, [
    'console ttyS1 of console-freeze: it cannot be read now. Undo it once it can.',
  ])
  assert.deepEqual(
    world.journal?.entries.map(({ id, settings }) => [id, settings.map(({ name }) => name)]),
    [['console-freeze', ['console ttyS1']]],
  )
  const later = undone([], { ...world, values: { ...world.values, [CONSOLE]: 'N' } })
  assert.deepEqual([later.values[CONSOLE], later.left, later.journal], ['1', [], EMPTY_JOURNAL])
})

test('what the owner has put back already is no news', () => {
  const after = fixed([FREEZE], { values: LOUD })
  const world = undone([], { ...after, values: LOUD, files: {} })
  assert.deepEqual([world.left, world.journal], [[], EMPTY_JOURNAL])
})

test('after a reboot the file alone is undone', () => {
  const after = fixed([FREEZE], { values: LOUD })
  const world = undone([], { ...after, bootId: 'b2' })
  assert.equal(world.values[PRINTK], '5 7 1 7')
  assert.deepEqual([world.files?.sysctl, world.left.length], [{ kind: 'none' }, 1])
})

test('a fix that is made twice goes back to the first value', () => {
  const once = fixed([FREEZE], { values: LOUD })
  const other = finding('console-freeze', sysctlFix('kernel.printk', '4 4 1 7'))
  assert.equal(undone([], fixed([other], once)).values[PRINTK], '7 4 1 7')
  // Between them the owner had set another.
  const between = { ...once, values: { ...once.values, [PRINTK]: '8 4 1 7' } }
  assert.equal(undone([], fixed([other], between)).values[PRINTK], '8 4 1 7')
})

test('of two that stand on one another the later is undone first', () => {
  const both = fixed([KILL_LINE], fixed([FREEZE], { values: LOUD }))
  const refused = undone(['console-freeze'], both)
  assert.equal(refused.values[PRINTK], '4 4 1 7')
  assert.match(refused.left.join(), /kill-line-hidden changed the same since/)
  assert.equal(undone([], both).values[PRINTK], '7 4 1 7')
})

test('while a UART comes back the journal says what level is to be set again', () => {
  const after = fixed([DETACH], { values: LOUD })
  assert.equal(after.values[CONSOLE], '0')
  const at = before({ ...after, values: { ...after.values, [CONSOLE]: 'N' } })
  const plan = planUndo([], at)
  assert.deepEqual(
    plan.settings.map(({ name, new: value }) => [name, value]),
    [['console ttyS1', '1']],
  )
  const silenced = { bootId: 'b1', printk: '7 4 1 7' }
  assert.deepEqual(journalBeforeUndo(plan, at).silenced, silenced)
})

test('a later file of the owner is told', () => {
  const block = { id: 'journald-sync', text: '[Journal]\nSyncIntervalSec=15s\n' }
  const files = new Map([
    ['/etc/systemd/journald.conf.d/99-site.conf', 'SyncIntervalSec = 1h'],
    ['/etc/systemd/journald.conf.d/10-site.conf', 'SyncIntervalSec=1h'],
    [JOURNALD_DROP_IN, 'SyncIntervalSec=15s'],
  ])
  const later = laterFiles({ files }, 'journald', block)
  assert.deepEqual([later.length, /\/99-site\.conf sets/.test(later[0] ?? '')], [1, true])
  assert.deepEqual(laterFiles({ files }, 'sysctl', block), [])
})

test('a journal is read as it was written; one that no fix can have written is refused', () => {
  const journal = fixed([FREEZE, DETACH], { values: LOUD }).journal ?? EMPTY_JOURNAL
  assert.deepEqual(parseJournal(formatJournal(journal)), journal)
  const good = formatJournal(journal)
  assert.doesNotMatch(JSON.stringify(journal.entries), /\//)
  const refused = (from: string, to: string): void => {
    const bad = good.replaceAll(from, to)
    assert.notEqual(bad, good)
    assert.equal(parseJournal(bad), null, to)
  }
  refused('"kernel.printk"', '"/etc/cron.d/x"')
  refused('"kernel.printk"', '"kernel.core_pattern"')
  refused('"console ttyS1"', '"console ../../x1"')
  refused('"7 4 1 7"', '"|/bin/sh"')
  refused('"console-freeze"', '"no-such-check"')
  refused('"sysctl"', '"/etc/passwd"')
  refused('plimsoll.undo/1', 'plimsoll.undo/2')
  for (const bad of ['', '{}', 'null', '[]', '{"schema":"plimsoll.undo/1"}', good.slice(0, -20)]) {
    assert.equal(parseJournal(bad), null, bad)
  }
})

test('blocks of a file are found again, and of an edited one none', () => {
  const blocks = [
    { id: 'a-check', text: '[Journal]\nStorage=persistent\n' },
    { id: 'b-check', text: '[Journal]\nSyncIntervalSec=15s\n' },
  ]
  assert.deepEqual(parseBlocks(renderBlocks(blocks)), blocks)
  for (const edited of ['', 'x', `#\n${renderBlocks(blocks)}`, 'a = 1\n# a-check\nb = 2\n']) {
    assert.equal(parseBlocks(edited), null)
  }
  assert.equal(SYSCTL_DROP_IN, '/etc/sysctl.d/90-plimsoll.conf')
})
