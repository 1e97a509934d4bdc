/** @module The volatile disk under the clients of others: QEMU's own block layer, and libnbd's. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { findProgram } from '../archive/tools.ts'
import { createRng } from '../traces/kit/rng.ts'
import { writeImageAfterCut } from './image-file.ts'
import { imagesAfterCut } from './images.ts'
import { startDisk } from './volatile-disk.fixture.ts'
import type { VolatileDisk } from './volatile-disk.ts'

const run = promisify(execFile)
const WITHIN_MS = 60_000
const SECTORS = 4096

function urlOf({ socketPath }: VolatileDisk): string {
  return `nbd+unix:///?socket=${socketPath}`
}

/** The program's path; null, with the test skipped, where it is missing. */
function orSkip(t: TestContext, name: string, debianPackage: string): string | null {
  const program = findProgram(name)
  if (program === null) t.skip(`${name} is not there (apt-get install ${debianPackage})`)
  return program
}

test('qemu-io writes, zeroes, flushes and reads back', async (t) => {
  const program = orSkip(t, 'qemu-io', 'qemu-utils')
  if (program === null) return
  const { disk, logged } = await startDisk(t, 16)
  const commands = [
    'write -P 2 0 1k',
    'write -f -P 3 1k 512',
    'write -z 2k 1k',
    'flush',
    'read -P 2 0 1k',
    'read -P 3 1k 512',
    'read -P 0 2k 1k',
    'read -P 1 3k 512',
  ]
  const args = ['-f', 'raw', ...commands.flatMap((command) => ['-c', command]), urlOf(disk)]
  // It ends with 1 where a pattern is not found (qemu-io-cmds.c, read_f).
  const { stdout } = await run(program, args, { timeout: WITHIN_MS })
  assert.doesNotMatch(stdout, /verification failed/)
  const events = disk
    .journal()
    .map((event) => (event.kind === 'write' && event.fua ? 'fua' : event.kind))
  assert.ok(events.includes('fua') && events.includes('flush'), events.join())
  assert.deepEqual(logged, [])
})

test('what nbdcopy has copied and flushed is on the one image that a cut leaves', async (t) => {
  const program = orSkip(t, 'nbdcopy', 'libnbd-bin')
  if (program === null) return
  const { disk, directory, logged } = await startDisk(t, SECTORS)
  const [source, after, back] = ['source', 'after', 'back'].map((name) => join(directory, name))
  assert.ok(source !== undefined && after !== undefined && back !== undefined)
  const bytes = Buffer.from(Uint32Array.from({ length: (SECTORS * 512) / 4 }, (_, i) => i).buffer)
  await writeFile(source, bytes)
  // Four requests are under way at once.
  const args = ['--flush', '--requests=4', '--request-size=4096']
  await run(program, [...args, source, urlOf(disk)], { timeout: WITHIN_MS })
  const images = [...imagesAfterCut(disk.journal(), disk.cut(), createRng('copy', 1), 8)]
  assert.equal(images.length, 1)
  for (const image of images) await writeImageAfterCut(disk, image, after)
  assert.ok((await readFile(after)).equals(bytes))
  await run(program, [...args, urlOf(disk), back], { timeout: WITHIN_MS })
  assert.ok((await readFile(back)).equals(bytes))
  assert.deepEqual(logged, [])
})
