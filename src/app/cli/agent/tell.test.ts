import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StateBody, SubjectRow } from '../../../core/wire/records.ts'
import { HELLO_FIXTURE, HOST_FIXTURE, rowFixture } from '../../../core/wire/rows.fixture.ts'
import type { Snapshot } from '../../../core/wire/snapshot.ts'
import { createSnapshot } from '../../../core/wire/snapshot.ts'
import { createTeller } from './tell.ts'

const STATE: StateBody = {
  startedWallMs: 1_790_000_000_000,
  rssBytes: 50_000_000,
  cpuSec: 1,
  series: 3,
  seriesDropped: 0,
  framesDropped: 0,
  resumedSeries: 0,
  missing: [],
  console: null,
  errors: {},
}

function snapshotOf(rows: readonly SubjectRow[]): Snapshot {
  return { ...createSnapshot(), host: HOST_FIXTURE, rows: new Map(rows.map((r) => [r.id, r])) }
}

function record() {
  const said: string[] = []
  return { said, teller: createTeller((kind, text) => said.push(`${kind}: ${text}`)) }
}

const LEAK = rowFixture('process:4121:777', {
  name: 'leaky',
  verdict: { ...rowFixture('x').verdict, state: 'confirmed', rateBytesPerSec: 1_048_576 },
})
const { pid } = HELLO_FIXTURE
const watches = `host: guard ${pid} watches ${HOST_FIXTURE.processes} processes every 1 s`

test('nothing is said before the address of the dashboard', () => {
  const { said, teller } = record()
  teller.onStart({ ...HELLO_FIXTURE, privileged: true, intervalMs: 1000 }, STATE)
  teller.onTick(snapshotOf([LEAK]))
  assert.deepEqual(said, [])
  teller.begin(snapshotOf([]))
  teller.onTick(snapshotOf([]))
  assert.deepEqual(said, [`${watches}; nothing leaks so far`])
})

test('where nothing is known yet, the first tick is told when it comes', () => {
  const { said, teller } = record()
  teller.begin(createSnapshot())
  teller.onStart({ ...HELLO_FIXTURE, privileged: false, intervalMs: 500 }, STATE)
  assert.deepEqual(said, [])
  teller.onTick(snapshotOf([LEAK]))
  assert.deepEqual(said, [
    watches.replace('1 s', '500 ms'),
    'host: run it as root to see all of every process',
    'finding: leaky 4121 leaks +1.0 MiB/s, no end in sight: its floor does not rise',
  ])
})

test('a guard that comes back says what it resumed; a full one is told once', () => {
  const { said, teller } = record()
  const hello = { ...HELLO_FIXTURE, privileged: true, intervalMs: 1000 }
  teller.onStart(hello, STATE)
  teller.begin(snapshotOf([]))
  teller.onState({ ...STATE, seriesDropped: 7 })
  teller.onState({ ...STATE, seriesDropped: 8 })
  teller.onStart({ ...hello, pid: 9 }, { ...STATE, resumedSeries: 42 })
  assert.deepEqual(said.slice(1), [
    'warning: there is more than [agent] max_series can follow: not all of it is judged',
    'lifecycle: guard 9 watches again; 42 series resumed',
  ])
})

test('of a guard that ran before its present figures are told', () => {
  const { said, teller } = record()
  const startedWallMs = HOST_FIXTURE.wallMs - 480_000
  const state = { ...STATE, startedWallMs, resumedSeries: 134, series: 170 }
  teller.onStart({ ...HELLO_FIXTURE, privileged: true, intervalMs: 1000 }, state)
  teller.begin(snapshotOf([]))
  assert.deepEqual(said, [
    `${watches}; it has for 8 min, and follows 170 series; nothing leaks so far`,
  ])
})

test('what is done about consoles is said when it changes, and warned of where it is nothing', () => {
  const { said, teller } = record()
  teller.onStart(HELLO_FIXTURE, STATE)
  teller.begin(snapshotOf([]))
  const plan = {
    remedy: 'bulk',
    isQuiet: false,
    about: 'it will',
    ownersPrintk: '7 4 1 7',
    forCgroup: null,
  } as const
  for (const console of [
    plan,
    { ...plan, isQuiet: true },
    { ...plan, remedy: 'none', about: 'it will not' } as const,
  ]) {
    teller.onState({ ...STATE, console })
  }
  assert.deepEqual(said.slice(-2), [
    'host: console guard: it will',
    'warning: console guard: it will not',
  ])
})
