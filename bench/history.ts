/**
 * @module What the history costs beside the plain way, a row a sample in one table and a transaction a
 * tick: CPU and pauses at 1 Hz with 300 processes that all change, room on disk, and how long it takes
 * to read a fortnight of one process. `node bench/history.ts [PROCESSES] [TICKS]`.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { DAY_SEC, MIB, SECOND_MS } from '../src/base/units.ts'
import type { SubjectRow } from '../src/core/wire/records.ts'
import { HOST_FIXTURE, rowFixture } from '../src/core/wire/rows.fixture.ts'
import { openHistory } from '../src/io/history/history.ts'

const PROCESSES = Number(process.argv[2] ?? 300)
const TICKS = Number(process.argv[3] ?? 1200)
const FORTNIGHT_MS = 14 * DAY_SEC * SECOND_MS
const READ_PROCESSES = 20
const READS = 15
const START_MS = 1_790_000_000_000
const TARGET = { cpuMsPerTick: 5, pauseCpuMs: 20, readMs: 50 }

interface Subject {
  record(wallMs: number, rows: readonly SubjectRow[]): void
  /** Points of one process, to draw. */
  read(id: string, fromMs: number, toMs: number): number
  close(): void
}

function openOurs(directory: string): Subject {
  let nowMs = START_MS
  const history = openHistory({
    path: join(directory, 'ours.db'),
    nowMs: () => nowMs,
    onTrouble: (message) => console.error(message),
  })
  return {
    record(wallMs, rows) {
      nowMs = wallMs
      history.recordTick({ ...HOST_FIXTURE, wallMs }, rows, [])
    },
    read: (id, fromMs, toMs) => history.readHistory(id, fromMs, toMs, 2000).columns.wallMs.length,
    close: () => history.close(),
  }
}

function openPlain(directory: string): Subject {
  const database = new DatabaseSync(join(directory, 'plain.db'))
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE sample (t INTEGER, id TEXT, level, anon, file, shmem, swap, threads, fds);
    CREATE INDEX sample_id ON sample (id, t)`)
  const put = database.prepare('INSERT INTO sample VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)')
  const get = database.prepare('SELECT * FROM sample WHERE id = ? AND t BETWEEN ? AND ?')
  return {
    record(wallMs, rows) {
      database.exec('BEGIN')
      for (const row of rows) {
        const { id, levelBytes, anonBytes, fileBytes, shmemBytes, swapBytes, threads, fds } = row
        put.run(wallMs, id, levelBytes, anonBytes, fileBytes, shmemBytes, swapBytes, threads, fds)
      }
      database.exec('COMMIT')
    },
    read: (id, fromMs, toMs) => get.all(id, fromMs, toMs).length,
    close: () => database.close(),
  }
}

function rowsAt(count: number, tick: number): SubjectRow[] {
  return Array.from({ length: count }, (_, index) =>
    rowFixture(`process:${index}:1`, { levelBytes: 1e8 + tick * 977 + index }),
  )
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function sizeOf(directory: string, name: string): number {
  return readdirSync(directory)
    .filter((each) => each.startsWith(name))
    .reduce((sum, each) => sum + statSync(join(directory, each)).size, 0)
}

/** CPU of this thread in each tick, ms: what others on the machine do is not counted. */
function writeTicks(subject: Subject): number[] {
  const cpuMs: number[] = []
  for (let tick = 0; tick < TICKS; tick++) {
    const rows = rowsAt(PROCESSES, tick)
    const before = process.threadCpuUsage()
    subject.record(START_MS + tick * SECOND_MS, rows)
    const { user, system } = process.threadCpuUsage(before)
    cpuMs.push((user + system) / 1000)
  }
  return cpuMs
}

function readFortnight(subject: Subject): { medianMs: number; points: number } {
  const stepMs = 60 * SECOND_MS
  for (let tick = 0; tick * stepMs < FORTNIGHT_MS; tick++) {
    subject.record(START_MS + tick * stepMs, rowsAt(READ_PROCESSES, tick))
  }
  const times: number[] = []
  let points = 0
  for (let round = 0; round < READS; round++) {
    const start = performance.now()
    points = subject.read(`process:${round}:1`, START_MS, START_MS + FORTNIGHT_MS)
    times.push(performance.now() - start)
  }
  return { medianMs: quantile(times, 0.5), points }
}

function measure(name: string, open: (directory: string) => Subject) {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-bench-history-'))
  try {
    const writing = open(directory)
    const cpuMs = writeTicks(writing)
    writing.close()
    const bytes = sizeOf(directory, name)
    for (const file of readdirSync(directory)) rmSync(join(directory, file))
    const reading = open(directory)
    const read = readFortnight(reading)
    reading.close()
    const meanMs = cpuMs.reduce((sum, ms) => sum + ms, 0) / cpuMs.length
    const row = { meanMs, p99Ms: quantile(cpuMs, 0.99), maxMs: Math.max(...cpuMs), bytes, ...read }
    console.log(
      `${name.padEnd(6)} ${meanMs.toFixed(2)} ms CPU a tick (p99 ${row.p99Ms.toFixed(1)}, longest ${row.maxMs.toFixed(1)}), ` +
        `${(bytes / MIB).toFixed(1)} MiB on disk, a fortnight read in ${read.medianMs.toFixed(1)} ms as ${read.points} points`,
    )
    return row
  } finally {
    rmSync(directory, { recursive: true })
  }
}

console.log(`${PROCESSES} processes, all of which change, ${TICKS} ticks of a second`)
const ours = measure('ours', openOurs)
const plain = measure('plain', openPlain)
console.log(
  `ours / plain: CPU ${(ours.meanMs / plain.meanMs).toFixed(2)}, disk ${(ours.bytes / plain.bytes).toFixed(2)}, read ${(ours.medianMs / plain.medianMs).toFixed(2)}`,
)
for (const [what, isMet] of [
  [`below ${TARGET.cpuMsPerTick} ms CPU a tick`, ours.meanMs < TARGET.cpuMsPerTick],
  [`99 of 100 ticks below ${TARGET.pauseCpuMs} ms`, ours.p99Ms < TARGET.pauseCpuMs],
  [`a fortnight read below ${TARGET.readMs} ms`, ours.medianMs < TARGET.readMs],
] as const) {
  console.log(`${isMet ? 'met   ' : 'MISSED'}  ${what}`)
  if (!isMet) process.exitCode = 1
}
