import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planFix } from '../../../core/console/fix/plan.ts'
import { planUndo } from '../../../core/console/fix/undo.ts'
import { beforeOf, carryOutFix } from './carry-out.ts'
import { formatChanges, joinLines, sayNothing } from './fix-text.ts'
import { DETACH, FREEZE, makeWorld, STORAGE } from './fix-world.fixture.ts'

test('every value and every line of a file is shown as it would be written', () => {
  const world = makeWorld()
  try {
    const plan = planFix([FREEZE, DETACH, STORAGE], beforeOf(world.host))
    const head =
      '| # Written by `plimsoll doctor --fix`. `plimsoll doctor --undo` takes it back unless it was edited.'
    assert.equal(
      joinLines(formatChanges(plan)),
      `Now
  /proc/sys/kernel/printk       "7 4 1 7" -> "5 7 1 7"
  /sys/class/tty/ttyS1/console  "1" -> "0"

Kept over a reboot
  /etc/sysctl.d/90-plimsoll.conf, a new file:
    ${head}
    |
    | # console-freeze
    | kernel.printk = 5 7 1 7
  /etc/systemd/journald.conf.d/90-plimsoll.conf, a new file:
    ${head}
    |
    | # journald-storage
    | [Journal]
    | Storage=persistent
  /etc/tmpfiles.d/90-plimsoll.conf, a new file:
    ${head}
    |
    | # network-beside-line
    | w /sys/class/tty/ttyS1/console - - - - 0
`,
    )
    carryOutFix(plan, world.host)
    const undo = joinLines(formatChanges(planUndo([], beforeOf(world.host))))
    assert.match(undo, /"5 7 1 7" -> "7 4 1 7"/)
    assert.match(undo, /90-plimsoll\.conf is removed/)
  } finally {
    world.remove()
  }
})

test('what a value says moves no cursor', () => {
  const change = { id: 'x', name: 'x', path: '/x', old: '\u001b[2J', new: '1' }
  assert.doesNotMatch(
    joinLines(formatChanges({ ids: [], settings: [change], files: [], skipped: [] })),
    /\u001b/,
  )
})

test('notes that could be written are named where nothing else can', () => {
  const note = { ...FREEZE, id: 'swappiness', severity: 'note' } as const
  const advice = { ...note, id: 'swap', fix: { now: [], persistent: [], advice: 'Add some.' } }
  const nothing = 'There is nothing that doctor could write.'
  assert.equal(sayNothing([]), nothing)
  assert.equal(sayNothing([advice, FREEZE]), nothing)
  assert.equal(
    sayNothing([note, advice, { ...note, id: 'sysrq' }]),
    'Doctor could write for notes alone; `plimsoll doctor --fix swappiness sysrq` would.',
  )
})
