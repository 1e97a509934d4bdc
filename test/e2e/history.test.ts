import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { MIB } from '../../src/base/units.ts'
import { openHistory } from '../../src/io/history/history.ts'
import type { Cleanup } from './web-server.ts'

const MAX_BYTES = 2 * MIB
/** What a kill may lose of the finest step: a point waits up to eight, and the pipe has some more. */
const MAX_LOST_MS = 20_000

function openDirectory(context: Cleanup): string {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-history-'))
  context.after(() => rmSync(directory, { recursive: true }))
  return directory
}

function sizeOf(directory: string): number {
  return readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0)
}

/** Runs the writer until it said as many ticks, kills it then; gives the last clock that it said. */
async function writeUntilKilled(path: string, startMs: number, ticks: number): Promise<number> {
  const program = join(import.meta.dirname, 'history', 'writer.ts')
  const child = spawn(process.execPath, [program, path, String(startMs), String(MAX_BYTES)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  let lastMs = startMs
  let count = 0
  for await (const line of createInterface(child.stdout)) {
    assert.match(line, /^\d+$/, 'the history is in no trouble')
    lastMs = Number(line)
    count++
    if (count === ticks) child.kill('SIGKILL')
  }
  await exited
  return lastMs
}

test('a history outlives kill -9 at any moment, whole, and loses the last seconds at most', async (context) => {
  const directory = openDirectory(context)
  const path = join(directory, 'history.db')
  let clockMs = 1_790_000_000_000
  // Some numbers without a pattern; the last rounds write far more than fits.
  for (const ticks of [1, 17, 230, 71, 944, 2503]) {
    const startMs = clockMs
    clockMs = await writeUntilKilled(path, startMs, ticks)
    assert.ok(sizeOf(directory) <= MAX_BYTES, `${sizeOf(directory)} bytes after ${ticks} ticks`)

    const said: string[] = []
    const history = openHistory({
      path,
      maxBytes: MAX_BYTES,
      nowMs: () => clockMs,
      onTrouble: (message) => said.push(message),
    })
    const { columns } = history.readHistory('process:5:1', clockMs - 300_000, clockMs, 1000)
    history.close()
    assert.deepEqual(said, [])
    if (ticks > 60) {
      const lost = clockMs - Math.max(...columns.wallMs)
      assert.ok(lost <= MAX_LOST_MS, `${lost} ms lost after ${ticks} ticks`)
    }
    const database = new DatabaseSync(path)
    const check = database.prepare('PRAGMA integrity_check').get()
    database.close()
    assert.deepEqual({ ...check }, { integrity_check: 'ok' })
  }
})

interface Outcome {
  readonly full: {
    readonly whileFull: { readonly said: string[]; readonly points: number; readonly marks: number }
    readonly after: {
      readonly said: string[]
      readonly check: string
      readonly marks: number
      readonly points: number
    }
  }
  readonly fullAtStart: {
    readonly whileFull: { readonly isInMemory: boolean; readonly points: number }
    readonly after: { readonly isInMemory: boolean; readonly said: string[] }
  }
  readonly readOnly: {
    readonly isInMemory: boolean
    readonly points: number
    readonly said: string[]
  }
}

/** Runs full-disk.ts on a tmpfs that only it sees; the error text where that may not be mounted. */
function runOnSmallDisk(directory: string): Outcome | string {
  const script = `mount -t tmpfs -o size=4m tmpfs "$1" && exec "$2" "$3" "$1"`
  const program = join(import.meta.dirname, 'history', 'full-disk.ts')
  const { status, stdout, stderr } = spawnSync(
    'unshare',
    ['-m', 'sh', '-c', script, 'sh', directory, process.execPath, program],
    { encoding: 'utf8', timeout: 120_000 },
  )
  if (status === 0) return JSON.parse(stdout) as Outcome
  const mayNot = /unshare|mount:/.exec(stderr ?? '')
  if (status !== null && mayNot === null) assert.fail(stderr)
  return stderr?.trim().split('\n')[0] || 'unshare(1) cannot be run'
}

test('a full disk, a disk full at the start and a read-only one cost no tick', (context) => {
  const outcome = runOnSmallDisk(openDirectory(context))
  if (typeof outcome === 'string') {
    context.skip(`needs a mount namespace of its own: ${outcome}`)
    return
  }
  const { full, fullAtStart, readOnly } = outcome
  assert.equal(full.whileFull.said.length, 1, full.whileFull.said.join('\n'))
  assert.match(full.whileFull.said[0] ?? '', /cannot be written and waits in memory: .*full/)
  assert.ok(full.whileFull.points >= 55, 'what came while the disk was full is shown')
  assert.equal(full.whileFull.marks, 1)
  assert.equal(full.after.said.length, 2)
  assert.match(full.after.said[1] ?? '', /can be written again/)
  assert.equal(full.after.check, 'ok')
  assert.equal(full.after.marks, 1)
  assert.ok(full.after.points >= 55, 'what came while the disk was full is stored')

  assert.deepEqual(fullAtStart.whileFull.isInMemory, true)
  assert.ok(fullAtStart.whileFull.points >= 29)
  assert.equal(fullAtStart.after.isInMemory, false)
  assert.match(fullAtStart.after.said[0] ?? '', /kept in memory only/)
  assert.match(fullAtStart.after.said[1] ?? '', /again$/)
  assert.equal(fullAtStart.after.said.length, 2)

  assert.equal(readOnly.isInMemory, true)
  assert.ok(readOnly.points >= 29)
  assert.match(readOnly.said[0] ?? '', /kept in memory only/)
  assert.equal(readOnly.said.length, 1)
})
