import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { type KmsgTail, openKmsgTail } from './kmsg-tail.ts'

/** A file in the place of /dev/kmsg: a read of it gives more than a record, but for that it is the same. */
function openLog(t: TestContext, text: string): { path: string; tail: KmsgTail } {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-kmsg-'))
  const path = join(directory, 'kmsg')
  writeFileSync(path, text)
  const tail = openKmsgTail(path)
  t.after(() => {
    tail.close()
    rmSync(directory, { recursive: true })
  })
  return { path, tail }
}

function take(tail: KmsgTail, bytes: number): string {
  const into = new Uint8Array(bytes)
  return new TextDecoder().decode(into.subarray(0, tail.take(into)))
}

test('what is new is taken once, and what comes later after it', (t) => {
  const { path, tail } = openLog(t, '6,1,1,-;one\n SUBSYSTEM=a\n6,2,2,-;two\n')
  tail.follow(10)
  assert.equal(take(tail, 4000), '6,1,1,-;one\n SUBSYSTEM=a\n6,2,2,-;two\n')
  assert.equal(take(tail, 4000), '')
  appendFileSync(path, '6,3,3,-;three\n')
  assert.equal(tail.hasNew('three'), false)
  tail.follow(10)
  assert.deepEqual([tail.hasNew('three'), tail.hasNew('two')], [true, false])
  assert.equal(take(tail, 4000), '6,3,3,-;three\n')
})

test('what finds no room stays for the next time, whole', (t) => {
  const { tail } = openLog(t, '6,1,1,-;one\n KEY=value\n6,2,2,-;two\n6,3,3,-;three\n')
  tail.follow(10)
  assert.equal(take(tail, 30), '6,1,1,-;one\n KEY=value\n')
  assert.equal(take(tail, 25), '6,2,2,-;two\n')
  assert.equal(take(tail, 14), '6,3,3,-;three\n')
  assert.equal(take(tail, 30), '')
})

test('of a record that is longer than the room its beginning is taken', (t) => {
  const { tail } = openLog(t, '6,1,1,-;a long one\n KEY=value\n6,2,2,-;two\n')
  tail.follow(10)
  assert.deepEqual([take(tail, 10), take(tail, 15)], ['6,1,1,-;a ', '6,2,2,-;two\n'])
})

test('what is old can be forgotten', (t) => {
  const { tail } = openLog(t, '6,1,1,-;one\n KEY=value\n6,2,2,-;two\n6,3,3,-;three\n')
  tail.follow(10)
  tail.forget(30)
  assert.equal(take(tail, 100), '6,2,2,-;two\n6,3,3,-;three\n')
  tail.forget(1000)
  assert.equal(take(tail, 100), '')
})

test('a log that is longer than what is kept loses its oldest records', (t) => {
  const lines = Array.from(
    { length: 5000 },
    (_, i) => `6,${i},${i},-;a line of the log, number ${i}\n`,
  )
  const { tail } = openLog(t, lines.join(''))
  while (tail.follow(3) > 0);
  const kept = take(tail, 1_000_000)
  assert.ok(kept.length > 16_000 && kept.length <= 65_536, `${kept.length}`)
  assert.ok(lines.join('').endsWith(kept))
  assert.match(kept, /^6,\d+,\d+,-;a line/)
})

test('where there is no log, it says so and gives nothing', (t) => {
  const tail = openKmsgTail('/nonexistent/kmsg')
  t.after(() => tail.close())
  assert.equal(tail.missing, '/nonexistent/kmsg cannot be read (ENOENT)')
  assert.deepEqual([tail.follow(10), take(tail, 100)], [0, ''])
})
