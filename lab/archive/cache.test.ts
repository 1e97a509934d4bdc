import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { cacheKey, labCache, makePrivate, withLock } from './cache.ts'
import { folderName } from './packages.ts'
import { findProgram } from './tools.ts'

test('the cache is below XDG_CACHE_HOME where that is a path from the root', () => {
  const cases: readonly (readonly [NodeJS.ProcessEnv, string])[] = [
    [{ XDG_CACHE_HOME: '/c' }, '/c/plimsoll/lab'],
    [{ XDG_CACHE_HOME: 'c' }, '/home/a/.cache/plimsoll/lab'],
    [{ XDG_CACHE_HOME: '' }, '/home/a/.cache/plimsoll/lab'],
    [{}, '/home/a/.cache/plimsoll/lab'],
  ]
  for (const [env, folder] of cases) assert.equal(labCache(env, '/home/a'), folder)
})

test('the cache is closed to others, new or old', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-cache-'))
  t.after(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'old'), { mode: 0o755 })
  for (const name of ['old', 'deep/new']) {
    makePrivate(join(folder, name))
    assert.equal(statSync(join(folder, name)).mode & 0o777, 0o700)
  }
})

test('a key tells parts apart, however they are cut', () => {
  assert.match(cacheKey(['a']), /^[0-9a-f]{16}$/)
  assert.notEqual(cacheKey(['ab', 'c']), cacheKey(['a', 'bc']))
})

test("a folder's name follows each version, not the order of packages", () => {
  const a = { name: 'a', version: '1' }
  const b = { name: 'b', version: '1:2' }
  assert.equal(folderName([a, b], 'a'), folderName([b, a], 'a'))
  assert.notEqual(folderName([a, b], 'a'), folderName([a, { ...b, version: '1:3' }], 'a'))
  assert.match(folderName([a, b], 'a'), /^a-[0-9a-f]{16}$/)
})

const NEEDS_FLOCK = { skip: findProgram('flock') === null && 'flock is missing (util-linux)' }

test('one holds the lock at a time, and a failure lets go of it', NEEDS_FLOCK, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-lock-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'deep', 'lock')
  let inside = 0
  const turns: number[] = []
  const enter = (turn: number) =>
    withLock(file, async () => {
      inside += 1
      assert.equal(inside, 1)
      // Others have the event loop, and would come in.
      await new Promise((resolve) => setImmediate(resolve))
      turns.push(turn)
      inside -= 1
    })
  await Promise.all([1, 2, 3, 4].map(enter))
  assert.deepEqual(turns.toSorted(), [1, 2, 3, 4])
  await assert.rejects(
    withLock(file, () => Promise.reject(new Error('boom'))),
    /boom/,
  )
  await enter(5)
})

test('who waits for the lock can be called off', NEEDS_FLOCK, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-lock-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'lock')
  await withLock(file, async () => {
    const stop = new AbortController()
    const second = withLock(file, () => Promise.reject(new Error('came in')), stop.signal)
    stop.abort()
    await assert.rejects(second, { name: 'AbortError' })
  })
})
