/**
 * @module What a history does on a disk that is full, full at its start, and read-only. Runs in a mount
 * namespace of its own, on a small tmpfs. `node full-disk.ts DIRECTORY`; prints what happened as JSON.
 */
import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { MIB } from '../../../src/base/units.ts'
import { HOST_FIXTURE, rowFixture } from '../../../src/core/wire/rows.fixture.ts'
import { openHistory } from '../../../src/io/history/history.ts'

const directory = process.argv[2] ?? ''
const filler = join(directory, 'filler')
const MAX_TICKS = 2_000

function open(name: string) {
  const said: string[] = []
  const clock = { nowMs: 1_790_000_000_000 }
  const history = openHistory({
    path: join(directory, name),
    maxBytes: 64 * MIB,
    nowMs: () => clock.nowMs,
    onTrouble: (message) => said.push(message),
  })
  const tick = (): void => {
    clock.nowMs += 1000
    const rows = Array.from({ length: 100 }, (_, index) =>
      rowFixture(`process:${index}:1`, { levelBytes: clock.nowMs + index }),
    )
    history.recordTick({ ...HOST_FIXTURE, wallMs: clock.nowMs }, rows, [])
  }
  const tickUntil = (isDone: () => boolean): number => {
    let ticks = 0
    for (; ticks < MAX_TICKS && !isDone(); ticks++) tick()
    return ticks
  }
  const points = (): number =>
    history.readHistory('process:5:1', clock.nowMs - 60_000, clock.nowMs, 1000).columns.wallMs
      .length
  return { history, said, clock, tick, tickUntil, points }
}

/** Takes all room but `leftBytes`. */
function fill(leftBytes: number): void {
  const out = execFileSync('df', ['--output=avail', '-B1', directory], { encoding: 'utf8' })
  const available = Number(out.trim().split('\n')[1])
  writeFileSync(filler, Buffer.alloc(Math.max(0, available - leftBytes)))
}

function becomesFull() {
  const { history, said, clock, tick, tickUntil, points } = open('a.db')
  tick()
  fill(0.5 * MIB)
  tickUntil(() => history.stats().isFailing)
  const failedAtMs = clock.nowMs
  for (let i = 0; i < 60; i++) tick()
  history.setMark({
    subjectId: 'process:5:1',
    mark: 'muted',
    comment: 'set while full',
    untilWallMs: null,
    setWallMs: 1,
  })
  const whileFull = { said: [...said], points: points(), marks: history.readMarks(0).length }
  rmSync(filler)
  tickUntil(() => !history.stats().isFailing)
  const marksAfter = history.readMarks(0)
  history.close()
  const database = new DatabaseSync(join(directory, 'a.db'))
  const check = database.prepare('PRAGMA integrity_check').get()
  database.close()
  const again = open('a.db')
  const columns = again.history.readHistory('process:5:1', failedAtMs, failedAtMs + 60_000, 1000)
  const after = {
    said: [...said],
    check: check?.integrity_check,
    marks: again.history.readMarks(0).length,
    marksBefore: marksAfter.length,
    points: columns.columns.wallMs.length,
  }
  again.history.close()
  return { whileFull, after }
}

function isFullAtStart() {
  fill(0)
  const { history, said, tick, tickUntil, points } = open('b.db')
  for (let i = 0; i < 30; i++) tick()
  const whileFull = { isInMemory: history.stats().isInMemory, points: points() }
  rmSync(filler)
  tickUntil(() => !history.stats().isInMemory)
  const after = { isInMemory: history.stats().isInMemory, said }
  history.close()
  return { whileFull, after }
}

function isReadOnly() {
  execFileSync('mount', ['-o', 'remount,ro', directory])
  const { history, said, tick, points } = open('c.db')
  for (let i = 0; i < 30; i++) tick()
  const result = { isInMemory: history.stats().isInMemory, points: points(), said }
  history.close()
  return result
}

process.stdout.write(
  JSON.stringify({ full: becomesFull(), fullAtStart: isFullAtStart(), readOnly: isReadOnly() }),
)
