import assert from 'node:assert/strict'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, test } from 'node:test'
import { MIB } from '../../base/units.ts'
import type { Event } from '../../core/wire/records.ts'
import { HOST_FIXTURE, rowFixture } from '../../core/wire/rows.fixture.ts'
import { openHistory } from './history.ts'
import type { History } from './records.ts'

const dir = mkdtempSync(join(tmpdir(), 'plimsoll-history-'))
after(() => rmSync(dir, { recursive: true }))

interface Bench {
  readonly history: History
  readonly said: string[]
  now: number
}

/** A history whose clock the test sets. */
function open(path: string | null, maxBytes = 64 * MIB, now = 1_700_000_000_000): Bench {
  const said: string[] = []
  const bench = { said, now } as { history: History; said: string[]; now: number }
  bench.history = openHistory({
    path,
    maxBytes,
    nowMs: () => bench.now,
    onTrouble: (message) => said.push(message),
  })
  return bench
}

function tick(bench: Bench, levels: Readonly<Record<string, number>>, gone: string[] = []): void {
  bench.now += 1000
  const rows = Object.entries(levels).map(([id, levelBytes]) => rowFixture(id, { levelBytes }))
  bench.history.recordTick({ ...HOST_FIXTURE, wallMs: bench.now }, rows, gone)
}

function eventAt(wallMs: number, id: string, subject: string | null = null): Event {
  const about = { pid: 1, startTicks: 2, comm: 'x', cgroup: null, unit: null, container: null }
  return {
    id,
    hostId: 'h',
    bootId: 'b',
    bootMs: 1,
    wallMs,
    kind: 'verdict',
    subject: subject === null ? null : { id: subject, ...about },
    reason: 'because',
    data: {},
  }
}

test('what did not change reads back as constant, what ended as ended', () => {
  const bench = open(null)
  const start = bench.now
  tick(bench, { 'process:1:1': 100, 'process:2:2': 5 })
  for (let i = 0; i < 5; i++) tick(bench, {})
  tick(bench, { 'process:1:1': 300 }, ['process:2:2'])
  for (let i = 0; i < 3; i++) tick(bench, {})
  const { columns, stepMs } = bench.history.readHistory('process:1:1', start, bench.now, 1000)
  assert.equal(stepMs, 1000)
  assert.deepEqual(columns.levelBytes, [100, 100, 100, 100, 100, 100, 300, 300, 300, 300])
  const ended = bench.history.readHistory('process:2:2', start, bench.now, 1000)
  assert.equal(ended.columns.levelBytes.length, 7)
  assert.deepEqual(bench.history.readHistory('process:9:9', start, bench.now, 9).columns.wallMs, [])
})

test('time in which the agent was down is a gap', () => {
  const bench = open(null)
  const start = bench.now
  tick(bench, { 'process:1:1': 100 })
  tick(bench, {})
  bench.now += 60_000
  tick(bench, { 'process:1:1': 120 })
  const { columns } = bench.history.readHistory('process:1:1', start, bench.now, 1000)
  assert.deepEqual(columns.levelBytes, [100, 100, null, 120])
})

test('a coarse step keeps the lowest level of its time', () => {
  const bench = open(null)
  const start = bench.now
  for (let i = 0; i < 300; i++) tick(bench, { 'process:1:1': i % 10 === 5 ? 50 : 90 })
  const { columns, stepMs } = bench.history.readHistory('process:1:1', start, bench.now, 40)
  assert.equal(stepMs, 10_000)
  assert.ok(columns.levelBytes.every((level) => level === 50 || level === 90))
  assert.ok(
    columns.levelBytes.filter((level) => level === 50).length >= columns.levelBytes.length - 1,
  )
})

test('a clock that is set back or ahead costs no tick', () => {
  const bench = open(null)
  for (const stepMs of [0, -3_600_000, 86_400_000, -86_000_000, 40 * 86_400_000]) {
    bench.now += stepMs
    for (let i = 0; i < 30; i++) tick(bench, { 'process:1:1': i })
    const { columns } = bench.history.readHistory(
      'process:1:1',
      bench.now - 20_000,
      bench.now,
      1000,
    )
    // Where the finest step was given up as too old, a coarser one answers.
    assert.ok(columns.wallMs.length >= 2, `${columns.wallMs.length} after ${stepMs}`)
    bench.history.flush()
  }
  assert.deepEqual(bench.said, [])
})

test('what is seen after the clock was set back is kept in coarse steps, too', () => {
  const path = join(dir, 'set-back', 'history.db')
  const bench = open(path)
  for (let at = 0; at < 20; at++) tick(bench, { 'process:1:1': 100 + at })
  bench.now -= 86_400_000
  for (let at = 0; at < 40; at++) tick(bench, { 'process:1:1': 500 + at })
  bench.history.close()
  const after = open(path, 64 * MIB, bench.now)
  const { stepMs, columns } = after.history.readHistory(
    'process:1:1',
    bench.now - 30_000,
    bench.now,
    5,
  )
  after.history.close()
  assert.equal(stepMs, 10_000)
  assert.deepEqual(columns.levelBytes, [509, 519, 529, 539])
})

test('events, marks and what was notified outlive a restart', () => {
  const path = join(dir, 'kept.sqlite')
  const first = open(path)
  first.history.recordEvent(eventAt(first.now, 'a-1', 'process:1:1'))
  first.history.recordEvent(eventAt(first.now + 5, 'a-2'))
  const mark = {
    mark: 'expected',
    comment: 'c',
    untilWallMs: first.now + 10,
    setWallMs: 1,
  } as const
  first.history.setMark({ ...mark, subjectId: 'service:a' })
  first.history.setMark({ ...mark, subjectId: 'service:b', untilWallMs: null })
  first.history.setNotified('service:a', 'confirmed')
  first.history.close()
  const { history, now } = open(path)
  assert.deepEqual(
    history.readEvents({ limit: 10 }).map((event) => event.id),
    ['a-2', 'a-1'],
  )
  assert.deepEqual(
    history.readEvents({ limit: 10, subjectId: 'process:1:1' }).map((event) => event.id),
    ['a-1'],
  )
  assert.equal(history.readMarks(now).length, 2)
  assert.deepEqual(
    history.readMarks(now + 11).map((each) => each.subjectId),
    ['service:b'],
  )
  assert.equal(history.readAllNotified().get('service:a'), 'confirmed')
  history.close()
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

test('ten times its bound in samples stays within its bound', () => {
  const path = join(dir, 'bounded.sqlite')
  const bench = open(path, MIB)
  let largest = 0
  for (let i = 0; i < 2000; i++) {
    const rows = Object.fromEntries(
      Array.from({ length: 40 }, (_, p) => [`process:${p + (i >> 6) * 40}:1`, 1e6 + i * 977 + p]),
    )
    tick(bench, rows)
    if (i % 50 === 0) {
      const size = readdirSync(dir)
        .filter((name) => name.startsWith('bounded.sqlite'))
        .reduce((sum, name) => sum + statSync(join(dir, name)).size, 0)
      largest = Math.max(largest, size)
    }
  }
  assert.ok(largest <= MIB, `${largest}`)
  assert.ok(largest >= MIB / 2, 'something was kept')
  const host = bench.history.readHostHistory(bench.now - 600_000, bench.now, 2000)
  assert.ok(host.columns.wallMs.length > 10)
  bench.history.close()
})

test('where thousands change each second, none is lost', () => {
  const bench = open(null)
  const start = bench.now
  const levels = (at: number) =>
    Object.fromEntries(Array.from({ length: 3_000 }, (_, i) => [`process:${i}:1`, i * 1000 + at]))
  for (let at = 0; at < 30; at++) tick(bench, levels(at))
  assert.equal(bench.history.stats().dropped, 0)
  const { columns } = bench.history.readHistory('process:2999:1', start, bench.now, 100)
  assert.deepEqual(
    columns.levelBytes,
    Array.from({ length: 30 }, (_, at) => 2_999_000 + at),
  )
})

test('a file that was allowed more is made smaller, and keeps the newest', () => {
  const path = join(dir, 'smaller', 'history.db')
  const large = open(path, 32 * MIB)
  large.history.recordEvent(eventAt(large.now, 'b-1'))
  const levels = (at: number) =>
    Object.fromEntries(Array.from({ length: 900 }, (_, i) => [`process:${i}:1`, i * 1000 + at]))
  for (let at = 0; at < 500; at++) tick(large, levels(at))
  large.history.close()
  assert.ok(statSync(path).size > 4 * MIB, 'the test writes more than the smaller bound')

  const small = open(path, 4 * MIB, large.now + 60_000)
  tick(small, levels(999))
  small.history.flush()
  assert.deepEqual(small.said, [])
  assert.equal(small.history.stats().isInMemory, false)
  const { columns } = small.history.readHistory('process:7:1', small.now - 1_000, small.now, 100)
  assert.equal(columns.levelBytes.at(-1), 7_999)
  assert.equal(small.history.readEvents({ limit: 10 }).length, 1)
  small.history.close()
  const sizes = readdirSync(dirname(path)).map((name) => statSync(join(dirname(path), name)).size)
  assert.ok(sizes.reduce((sum, size) => sum + size, 0) <= 4 * MIB)
})

test('its files are for its owner alone to read, also in a directory that others may enter', () => {
  const directory = mkdtempSync(join(dir, 'open-'))
  chmodSync(directory, 0o755)
  const bench = open(join(directory, 'history.db'))
  tick(bench, { 'process:1:1': 100 })
  bench.history.flush()
  const modes = readdirSync(directory).map((name) => statSync(join(directory, name)).mode & 0o777)
  bench.history.close()
  assert.deepEqual(modes, [0o600, 0o600], 'the file and its log')
})

test('a damaged file is moved aside and a new one begun, and that is said', () => {
  const path = join(dir, 'damaged.sqlite')
  writeFileSync(path, Buffer.alloc(20_000, 'no database'))
  const bench = open(path)
  assert.equal(bench.said.length, 1)
  assert.match(bench.said[0] ?? '', /moved to .*unused-/)
  tick(bench, { 'process:1:1': 1 })
  bench.history.close()
  assert.ok(readdirSync(dir).some((name) => name.startsWith('damaged.sqlite.unused-')))
})

test('a file that is damaged further on gives way when that is met', () => {
  const path = join(dir, 'torn.sqlite')
  const first = open(path)
  for (let i = 0; i < 400; i++) {
    tick(first, Object.fromEntries(Array.from({ length: 50 }, (_, p) => [`process:${p}:1`, i + p])))
  }
  first.history.close()
  const bytes = readFileSync(path)
  for (const [from, what] of [
    [4096 * 2, 'all but the head'],
    [bytes.length / 2, 'the second half'],
  ] as const) {
    const torn = Buffer.from(bytes)
    torn.fill(0xaa, from)
    writeFileSync(path, torn)
    const bench = open(path, 64 * MIB, first.now)
    bench.history.setMark({
      subjectId: 'process:1:1',
      mark: 'muted',
      comment: '',
      untilWallMs: null,
      setWallMs: 1,
    })
    for (let i = 0; i < 400 && bench.said.length === 0; i++) {
      tick(bench, { [`process:${i % 50}:1`]: i })
      bench.history.readHistory(`process:${i % 50}:1`, first.now - 400_000, bench.now, 1000)
    }
    assert.match(bench.said[0] ?? '', /damaged|moved to/, what)
    assert.equal(bench.history.stats().isInMemory, false)
    tick(bench, { 'process:1:1': 5 })
    bench.history.close()
    const checked = new DatabaseSync(path)
    const result = checked.prepare('PRAGMA integrity_check').get()
    checked.close()
    assert.deepEqual({ ...result }, { integrity_check: 'ok' })
  }
})

test('a file of a newer version is not overwritten', () => {
  const path = join(dir, 'newer.sqlite')
  const newer = new DatabaseSync(path)
  newer.exec('PRAGMA user_version = 99; CREATE TABLE theirs (x)')
  newer.close()
  const bench = open(path)
  assert.match(bench.said[0] ?? '', /version 99/)
  bench.history.close()
  assert.ok(readdirSync(dir).some((name) => name.startsWith('newer.sqlite.unused-')))
})

test('where no file can be made, memory serves and that is said', () => {
  const bench = open('/proc/nowhere/history.sqlite')
  assert.match(bench.said[0] ?? '', /memory only/)
  tick(bench, { 'process:1:1': 7 })
  assert.equal(bench.history.stats().isInMemory, true)
  bench.history.close()
})
