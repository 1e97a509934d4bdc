import assert from 'node:assert/strict'
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { feedSeries, openSeries, readVerdict } from '../../core/leak/detector.ts'
import { createArena, SLAB_BYTES } from '../../core/leak/ladder.ts'
import type { SaveRequest, StateFile } from './state-file.ts'
import { openStateFile } from './state-file.ts'

const dir = mkdtempSync(join(tmpdir(), 'plimsoll-state-'))
after(() => rmSync(dir, { recursive: true }))

function save(file: StateFile, request: SaveRequest): Promise<void> {
  return new Promise((resolve, reject) => {
    const begun = file.save(request, (error) => (error === null ? resolve() : reject(error)))
    if (!begun) reject(new Error('a save was on its way'))
  })
}

function grownArena(slot: number, seconds: number): ReturnType<typeof createArena> {
  const arena = createArena(4)
  openSeries(arena, slot)
  for (let t = 0; t < seconds; t++) feedSeries(arena, slot, t, 1e8 + t * 1e6, 2e9)
  return arena
}

function loadAll(path: string): Map<string, Uint8Array> {
  const file = openStateFile(path)
  const found = new Map<string, Uint8Array>()
  for (const { key, slab } of file.load()?.series ?? []) found.set(key, Uint8Array.from(slab))
  file.close()
  return found
}

test('a saved series is judged on as if nothing had happened', async () => {
  const path = join(dir, 'a/state')
  const arena = grownArena(2, 200)
  const file = openStateFile(path)
  assert.equal(file.load(), undefined)
  await save(file, { arena, keys: ['', undefined, 'process:7:99'], bootId: 'b', bootSec: 200 })
  file.close()
  assert.equal(statSync(path).mode & 0o777, 0o600)

  const resumed = createArena(1)
  const slab = loadAll(path).get('process:7:99')
  assert.ok(slab)
  resumed.bytes.set(slab)
  for (let t = 200; t < 400; t++) {
    feedSeries(arena, 2, t, 1e8 + t * 1e6, 2e9)
    feedSeries(resumed, 0, t, 1e8 + t * 1e6, 2e9)
  }
  assert.deepEqual(readVerdict(resumed, 0), readVerdict(arena, 2))
})

test('a half that was torn is left for the one before', async () => {
  const path = join(dir, 'torn')
  const file = openStateFile(path)
  await save(file, { arena: grownArena(0, 10), keys: ['first'], bootId: 'b', bootSec: 1 })
  await save(file, { arena: grownArena(0, 20), keys: ['second'], bootId: 'b', bootSec: 2 })
  file.close()
  assert.deepEqual([...loadAll(path).keys()], ['second'])
  const bytes = readFileSync(path)
  // Generation 2 is in half 0; tear its header, which is the first.
  const fd = openSync(path, 'r+')
  writeSync(fd, Buffer.from([(bytes[20] as number) ^ 1]), 0, 1, 20)
  closeSync(fd)
  assert.deepEqual([...loadAll(path).keys()], ['first'])
})

test('a state is resumed where another number of series may be watched', async () => {
  const path = join(dir, 'small')
  const file = openStateFile(path)
  await save(file, { arena: createArena(2), keys: ['one'], bootId: 'b', bootSec: 1 })
  file.close()
  const larger = openStateFile(path)
  assert.deepEqual(
    [...(larger.load()?.series ?? [])].map((s) => s.key),
    ['one'],
  )
  await save(larger, { arena: createArena(4), keys: ['a', 'b', 'c'], bootId: 'b', bootSec: 2 })
  larger.close()
  assert.deepEqual([...loadAll(path).keys()], ['a', 'b', 'c'])
})

test('a file of another layout holds no state, and is written anew', async () => {
  const path = join(dir, 'older')
  const older = Buffer.alloc(1 << 20)
  older.write('PLMSTATE', 'latin1')
  writeFileSync(path, older)
  const file = openStateFile(path)
  assert.equal(file.load(), undefined)
  await save(file, { arena: createArena(2), keys: ['one'], bootId: 'b', bootSec: 1 })
  file.close()
  assert.ok(statSync(path).size < 1 << 19, `${statSync(path).size}`)
  assert.deepEqual([...loadAll(path).keys()], ['one'])
})

test('what is written is what is watched, over many chunks, however many slots there are', async () => {
  const path = join(dir, 'sparse')
  const arena = createArena(4096)
  arena.bytes.forEach((_, at) => {
    if (at % SLAB_BYTES === 0) arena.bytes[at] = (at / SLAB_BYTES) % 251
  })
  const keys = Array.from({ length: 4096 }, (_, slot) =>
    slot % 13 === 0 ? `s:${slot}` : undefined,
  )
  const expected = keys.flatMap((key, slot) => (key === undefined ? [] : [[key, slot % 251]]))
  const file = openStateFile(path)
  for (let bootSec = 1; bootSec <= 5; bootSec++) {
    await save(file, { arena, keys, bootId: 'b', bootSec })
    assert.ok(statSync(path).size <= 8192 + 2 * (expected.length + 64) * (256 + SLAB_BYTES))
  }
  file.close()
  assert.deepEqual(
    [...loadAll(path)].map(([key, slab]) => [key, slab[0]]),
    expected,
  )
})

test('a key that does not fit is left out, not cut', async () => {
  const path = join(dir, 'long')
  const file = openStateFile(path)
  const keys = ['x'.repeat(255), 'short']
  await save(file, { arena: createArena(4), keys, bootId: 'b', bootSec: 1 })
  file.close()
  assert.deepEqual([...loadAll(path).keys()], ['short'])
})
