import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Guest } from '../machine/guest.ts'
import type { GuestRun } from '../machine/run.ts'
import { accountFor } from './account.ts'

const GUEST: Guest = {
  kernel: { name: '6.1', release: '6.1.0', vmlinuz: '/k', modulesDir: null },
  memoryMib: 512,
  cpus: 2,
  consoles: [{ baud: 9600 }],
  sysctls: { 'kernel.printk': '7 4 1 7' },
  script: [],
}

const HEADER = '[    5.000000] leaker invoked oom-killer: gfp_mask=0x1, order=0, oom_score_adj=0'
const NOTICE = 'rcu: INFO: rcu_preempt self-detected stall on CPU'
const ROW = '[    5.500000] [     92]     0    92      511      173    32768        0 0 a'
const KILL = '[    6.000000] Out of memory: Killed process 9 (leaker) total-vm:1kB'

function lineAt(atMs: number, text: string) {
  return { atMs, text, wireBytes: text.length + 2 }
}

const RUN: GuestRun = {
  ending: 'played',
  consoles: [
    [
      lineAt(1000, '[    0.700000] before'),
      lineAt(5480, HEADER),
      lineAt(5600, NOTICE),
      lineAt(6000, ROW),
      lineAt(6500, KILL),
      lineAt(7000, '[    6.500000] after'),
    ],
  ],
  kernelLog: [`<4>${HEADER}`, `<6>${ROW}`, `<3>${KILL}`, '<4>[    6.500000] after'],
  events: [
    { event: 'booted', atMs: 1000 },
    { event: 'leak', atMs: 2000 },
    { event: 'stall', name: 'heartbeat', atMs: 5100, lastedMs: 900 },
    { event: 'over', atMs: 6200 },
    { event: 'heartbeat', name: 'heartbeat', longestMs: 900 },
  ],
  talk: [],
  dropped: 0,
  bootedSec: 1.5,
  tookSec: 9,
  emulator: '',
}

test('one clock for what the guest, its kernel and its line say', () => {
  const { moments } = accountFor(GUEST, RUN)
  const begunMs = 5480 - (HEADER.length + 2) / 0.96
  assert.deepEqual(
    moments.map(({ what, atMs, name }) => [what, Math.round(atMs), name]),
    [
      ['booted', 1500, null],
      ['leak', 2500, null],
      ['memory-gone', Math.round(begunMs), 'leaker'],
      ['report-begins', Math.round(begunMs), null],
      ['others-stop', 5600, null],
      ['killed', 6500, 'leaker'],
      ['report-ends', 6500, null],
      ['others-go-on', 6500, null],
      ['over', 6700, null],
    ],
  )
})

test('the report on the line is all between its first line and its last', () => {
  const { wire, table, killed, console, log, longestStallMs } = accountFor(GUEST, RUN)
  const bytes = [HEADER, NOTICE, ROW, KILL].reduce((sum, text) => sum + text.length + 2, 0)
  assert.deepEqual(wire, { lines: 4, bytes })
  assert.deepEqual(table, { lines: 1, bytes: ROW.length + 2 })
  assert.deepEqual(killed, ['leaker'])
  assert.deepEqual(console, { hasHeader: true, hasKill: true, hasTable: true })
  assert.deepEqual(log, console)
  assert.equal(longestStallMs, 900)
})

test('waits too short to be told alone are known from the sum', () => {
  const events = [{ event: 'heartbeat', longestMs: 34.5 }]
  assert.equal(accountFor(GUEST, { ...RUN, events }).longestStallMs, 34.5)
  assert.equal(accountFor(GUEST, { ...RUN, events: [] }).longestStallMs, 0)
})

test('a quiet console has no report, and the log has it', () => {
  const { wire, printing, log, killed, outcomes } = accountFor(GUEST, { ...RUN, consoles: [[]] })
  assert.deepEqual(wire, { lines: 0, bytes: 0 })
  assert.deepEqual(printing, [])
  assert.equal(log.hasTable, true)
  assert.deepEqual(killed, ['leaker'])
  assert.equal(outcomes?.asItWas.lines, 3)
})

test('of a machine that died only the console is left', () => {
  const { wire, killed, outcomes, log } = accountFor(GUEST, {
    ...RUN,
    ending: 'gone',
    kernelLog: [],
  })
  assert.equal(wire.lines, 4)
  assert.deepEqual(killed, ['leaker'])
  assert.equal(outcomes, null)
  assert.equal(log.hasHeader, false)
})

test('a bystander that a dying machine never lets go stands still to its end', () => {
  const at = (event: string, atMs: number) => ({ event, name: 'heartbeat', atMs })
  const played: GuestRun = { ...RUN, bootedSec: 1, tookSec: 20 }
  const events = [{ event: 'booted', atMs: 400 }, at('beat', 5000), at('beat', 5200)]
  const told = (ending: GuestRun['ending'], heard: GuestRun['events']) => {
    const account = accountFor(GUEST, { ...played, ending, events: heard })
    const { stalls, longestStallMs, moments } = account
    const others = moments.flatMap(({ what }) => (what.startsWith('others') ? [what] : []))
    return { stalls, longestStallMs, others }
  }
  const stalls = [{ fromMs: 5800, toMs: 20_000 }]
  const still = { stalls, longestStallMs: 14_200, others: ['others-stop'] }
  const none = { stalls: [], longestStallMs: 0, others: [] }
  assert.deepEqual(told('gone', events), still)
  assert.deepEqual(told('played', events), none)
  assert.deepEqual(told('gone', [...events, at('beat', 19_200)]), none)
})
