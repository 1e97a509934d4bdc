/** @module `plimsoll record` as it is run, over files that a recorder has written. */
import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { MIB } from '../../src/base/units.ts'
import { openRecorder } from '../../src/io/record/recorder.ts'
import { runToEnd } from './agent-run.ts'

async function recordSome(t: TestContext): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-record-'))
  t.after(() => rmSync(directory, { recursive: true }))
  const path = join(directory, 'recorder.ring')
  const identity = {
    bootId: '0f8fad5b-d9cb-469f-a165-70867728950e',
    hostId: 'h',
    hostName: 'tried',
  }
  const recorder = await openRecorder({
    path,
    bytes: MIB,
    ...identity,
    wallMs: 1_764_000_000_000,
    onFault: (why) => assert.fail(why),
  })
  for (const reason of ['the first', 'the \u001b[2Jsecond', 'the third']) {
    const { bootId, hostId } = identity
    const event = { id: 'a-1', hostId, bootId, bootMs: 1, wallMs: 2, kind: 'lifecycle' }
    const text = JSON.stringify({ ...event, subject: null, reason, data: { what: 'tried' } })
    const bytes = new TextEncoder().encode(text)
    assert.ok(recorder.put('event', bytes, bytes.length, 1000, 1_764_000_000_000))
  }
  await recorder.close()
  return path
}

/** What stands in the second slot is gone. */
function damage(path: string): void {
  const bytes = readFileSync(path)
  bytes.fill(0, 4 * 4096, 5 * 4096)
  writeFileSync(path, bytes)
}

test('a whole recorder is shown, exported and found whole', async (t) => {
  const path = await recordSome(t)
  const shown = await runToEnd(['record', 'show', path])
  assert.deepEqual([shown.code, shown.stderr], [0, ''])
  assert.match(shown.stdout, /^Host tried recorded 3 records/)
  assert.match(shown.stdout, /lifecycle {2}the \\x1b\[2Jsecond\n/)

  const exported = await runToEnd(['record', 'export', path])
  const lines = exported.stdout.trim().split('\n')
  assert.equal(exported.code, 0)
  assert.deepEqual(
    lines.map((line) => {
      const { schema, type, event } = JSON.parse(line)
      return [schema, type, event.reason]
    }),
    ['the first', 'the \u001b[2Jsecond', 'the third'].map((reason) => [
      'plimsoll.record-item/1',
      'event',
      reason,
    ]),
  )

  const verified = await runToEnd(['record', 'verify', '--json', path])
  assert.equal(verified.code, 0)
  const { schema, isIntact, slots, counts, records, header } = JSON.parse(verified.stdout)
  assert.deepEqual([schema, isIntact, slots, records], ['plimsoll.record/1', true, 254, 3])
  assert.deepEqual(
    [counts.whole, counts.empty, header.hostName, header.slots],
    [3, 251, 'tried', 254],
  )
})

test('a damaged recorder is read, and every command says so', async (t) => {
  const path = await recordSome(t)
  damage(path)
  const verified = await runToEnd(['record', 'verify', path])
  assert.equal(verified.code, 11)
  assert.match(verified.stdout.replaceAll('\n', ' '), /but one slot is missing\./)
  const shown = await runToEnd(['record', 'show', '--json', path])
  assert.equal(shown.code, 11)
  const { isIntact, items } = JSON.parse(shown.stdout)
  assert.deepEqual([isIntact, items.length], [false, 2])
  assert.equal((await runToEnd(['record', 'export', path])).code, 11)
})

test('a recorder that was cut short is not whole, and its length is told', async (t) => {
  const path = await recordSome(t)
  truncateSync(path, 12_288)
  for (const command of ['show', 'verify']) {
    const { code, stdout } = await runToEnd(['record', command, path])
    assert.equal(code, 11)
    const text = stdout.replaceAll('\n', ' ')
    assert.match(text, /but the file is 12,288 of 1,048,576 bytes, cut short/)
  }
  const { stdout } = await runToEnd(['record', 'verify', '--json', path])
  const { isIntact, fileBytes, fullBytes } = JSON.parse(stdout)
  assert.deepEqual([isIntact, fileBytes, fullBytes], [false, 12_288, 1_048_576])
})

test('what is no recorder is refused', async (t) => {
  const path = await recordSome(t)
  writeFileSync(path, 'x'.repeat(10_000))
  const refused = await runToEnd(['record', 'verify', path])
  assert.deepEqual([refused.code, refused.stdout], [69, ''])
  assert.match(refused.stderr, /cannot be read as a flight recorder.*\nPLM_RECORD: /)
})

test('a wrong option is wrong usage, of a command of a command too', async () => {
  const { code, stderr } = await runToEnd(['record', 'show', '--bogus'])
  assert.deepEqual([code, stderr.split('\n')[0]], [2, "error: unknown option '--bogus'"])
})

test('a recorder that is not there is said to be so', async () => {
  const { code, stderr } = await runToEnd(['record', 'show', '/nonexistent/recorder.ring'])
  assert.equal(code, 69)
  assert.match(stderr, /recorder\.ring cannot be read as a flight recorder: there is no such file/)
})

test('what may not be read is told', async (t) => {
  if (process.getuid?.() === 0) return t.skip('root may read everything')
  const path = await recordSome(t)
  chmodSync(path, 0)
  assert.equal((await runToEnd(['record', 'show', path])).code, 77)
})

test('explain --vanished reads what the kernel said in a recorder', async (t) => {
  const path = await recordSome(t)
  const recorder = await openRecorder({
    path,
    bytes: MIB,
    bootId: '',
    hostId: 'h',
    hostName: 'tried',
    wallMs: 1_764_000_000_000,
    onFault: (why) => assert.fail(why),
  })
  const killed =
    '3,900,1234567,-;Out of memory: Killed process 4121 (leaker) total-vm:100kB, anon-rss:90kB, file-rss:0kB, shmem-rss:0kB, UID:0 pgtables:4kB oom_score_adj:0\n'
  const bytes = new TextEncoder().encode(killed)
  recorder.put('kmsg', bytes, bytes.length, 1000, 1_764_000_000_000)
  await recorder.close()
  const found = await runToEnd(['explain', '--vanished', 'leaker', path])
  assert.deepEqual([found.code, found.stderr], [10, ''])
  assert.match(found.stdout, /^leaker: killed by the kernel\./)
  assert.equal((await runToEnd(['explain', '--vanished', 'another', path])).code, 11)
})
