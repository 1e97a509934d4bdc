import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PlimsollError } from '../../../base/errors.ts'
import { MIB } from '../../../base/units.ts'
import { LOUD } from '../../../core/console/model/host.ts'
import { parsePrintk } from '../../../core/console/printk.ts'
import { displayWidth } from '../watch/text.ts'
import type { SimulateOptions } from './options.ts'
import { documentOf, sayResult, simulateAll } from './run.ts'

const DOUBTS = [
  { about: 'consoles', text: 'Its lines are emulated.' },
  { about: 'tasks', text: 'Not all are seen.' },
] as const

function said(options: SimulateOptions): readonly string[] {
  return sayResult(simulateAll(null, options))
}

test('without options it is the incident, conclusion first', () => {
  const lines = said({})
  assert.match(
    `${lines[0]} ${lines[1]}`,
    /^Who needs memory stands still for up to 12\.\d s: 1 leaking process, 1 OOM report, 23\.\d KiB on ttyS0\./,
  )
})

for (const [name, options] of [
  ['the incident', {}],
  ['several consoles', { baud: [9600, 19_200, 115_200, 57_600, 38_400] }],
  ['many leakers', { leakers: 20, baud: [115_200], seconds: 200 }],
  ['many containers', { containers: 30, baud: [115_200] }],
  ['again and again', { restart: 1, seconds: 300 }],
  ['nothing leaks', { leakers: 0 }],
  ['an unread kernel', { kernel: '6.6.0-lts' }],
] as const satisfies readonly (readonly [string, SimulateOptions])[]) {
  test(`all lines fit into 80 columns: ${name}`, () => {
    for (const line of said(options)) assert.ok(displayWidth(line) <= 80, line)
  })
}

test('the picture shows who waits, who is killed, and which part is printed meanwhile', () => {
  const lines = said({})
  const bar = (name: string): string => lines.find((line) => line.startsWith(`${name} `)) ?? ''
  assert.match(bar('heartbeat'), /^heartbeat +-+#{40,}-+$/)
  assert.match(bar('leaker'), /^leaker +-+#{40,}x$/)
  assert.match(bar('ttyS0'), /^ttyS0 +H?S+M+T{30,}U?K+$/)
})

test('a quiet machine has no picture, and says so', () => {
  const lines = said({ leakers: 0 })
  assert.equal(lines[0], 'Memory does not run out within 60 s: nothing leaks.')
  assert.ok(!lines.some((line) => line.includes('stands still  x killed')))
})

test('the timeline is bounded, and says how much more there is', () => {
  const lines = said({ restart: 1, seconds: 300 })
  assert.ok(lines.length < 80)
  assert.ok(lines.some((line) => /^and \d+ more$/.test(line)))
})

test('every remedy has its row, and none is worse than nothing', () => {
  const { remedies } = simulateAll(null, {})
  assert.equal(remedies.length, 7)
  const [none] = remedies
  for (const row of remedies) assert.ok(row.longestStallMs <= (none?.longestStallMs ?? 0), row.name)
  assert.deepEqual(remedies.find(({ id }) => id === 'adaptive')?.keeps, ['header', 'kill'])
})

test('the document names its schema, what it was modelled from, and every process', () => {
  const options = { containers: 2, containerMemory: 32 * MIB, baud: [115_200] }
  const text = JSON.stringify(documentOf(simulateAll(null, options)))
  const document = JSON.parse(text)
  assert.equal(document.schema, 'plimsoll.simulate/1')
  assert.deepEqual(document.setting.consoles[0].cost.baud, 115_200)
  assert.equal(document.setting.printk, '7 4 1 7')
  assert.equal(document.setting.leakers, 0, 'who asks for containers asks for them alone')
  assert.equal(document.outcome.processes.length, 5)
  assert.equal(document.remedies.length, 7)
})

test('what was read here, asked for and assumed is told apart', () => {
  const { setting } = simulateAll(null, { incident: true })
  const host = {
    release: '6.1.0-1-amd64',
    memoryBytes: 512 * MIB,
    consoles: setting.consoles,
    printk: setting.printk,
    dumpsTasks: null,
    stamp: setting.stamp,
    tasks: 200,
    report: setting.report,
  }
  const text = sayResult(simulateAll(host, { tasks: 10 }, DOUBTS)).join(' ')
  assert.match(
    text,
    /Read here: Linux 6\.1\.0-1-amd64, ttyS0 at 19200 baud, .*512 MiB for programs\./,
  )
  assert.match(text, /Asked for: 10 tasks\. Assumed: vm\.oom_dump_tasks 1\./)
  assert.match(text, /Its lines are emulated\./)
  assert.doesNotMatch(text, /Not all are seen/, 'the tasks are not those of the host')
})

for (const [options, flag, least] of [
  [{ memory: 2 * MIB }, '--memory', 2],
  [{ memory: 5 * MIB, containers: 3 }, '--memory', 5],
  [{ containers: 3, containerMemory: MIB }, '--container-memory', 1],
] as const satisfies readonly (readonly [SimulateOptions, string, number])[]) {
  test(`no stall without a report: ${JSON.stringify(options)} is the least`, () => {
    const quiet = { ...options, baud: [4_000_000] }
    const { outcome } = simulateAll(null, quiet)
    assert.ok(outcome.reports.length > 0)
    assert.ok(outcome.longestStallMs < 1000, `${outcome.longestStallMs}`)
    const key = flag === '--memory' ? 'memory' : 'containerMemory'
    assert.throws(
      () => simulateAll(null, { ...quiet, [key]: least * MIB - 1 }),
      (error) =>
        error instanceof PlimsollError &&
        error.code === 'PLM_USAGE' &&
        error.message.startsWith(`${flag}: expected ${least}MiB or more`),
    )
  })
}

for (const [what, options, expected] of [
  [
    'the level hides the table',
    { tasks: 2000, printk: parsePrintk('5 4 1 7') },
    /--tasks changes nothing, since kernel\.printk 5 4 1 7 keeps .* stall would be \d{3}\.\d s\./,
  ],
  [
    'there is no table',
    { tasks: 2000, oomDumpTasks: false },
    /--tasks changes nothing, since vm\.oom_dump_tasks 0 keeps/,
  ],
  ['the table is printed', { tasks: 2000 }, null],
  ['no number was asked for', { oomDumpTasks: false }, null],
] as const) {
  test(`whether --tasks matters is said: ${what}`, () => {
    const { printk = LOUD, ...others } = { printk: undefined, ...options }
    const text = said({ ...others, printk }).join(' ')
    if (expected === null) assert.doesNotMatch(text, /changes nothing/)
    else assert.match(text, expected)
  })
}
