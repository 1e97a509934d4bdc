import assert from 'node:assert/strict'
import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createRng } from '../traces/kit/rng.ts'
import { writeImageAfterCut } from './image-file.ts'
import { imagesAfterCut } from './images.ts'
import { COMMAND, NBD_ERROR, TRANSMISSION_FLAGS } from './nbd.ts'
import { connectClient, encodeRequest } from './nbd-client.fixture.ts'
import {
  type DiskUnderTest,
  makeDirectory,
  marksOf,
  sectorsOf,
  startDisk,
} from './volatile-disk.fixture.ts'
import { startVolatileDisk } from './volatile-disk.ts'

/** What each image after a cut now holds, a digit a sector. */
async function imagesNow({ disk, directory }: DiskUnderTest, count = 64): Promise<Set<string>> {
  const path = join(directory, 'after.img')
  const found = new Set<string>()
  const cutAt = disk.cut()
  for (const image of imagesAfterCut(disk.journal(), cutAt, createRng('test', 1), count)) {
    await writeImageAfterCut(disk, image, path)
    found.add(marksOf(await readFile(path)).join(''))
  }
  return found
}

test('what is written can be read, and the base image stays as it was', async (t) => {
  const { disk, logged } = await startDisk(t, 8)
  const client = await connectClient(disk.socketPath)
  assert.equal(client.sizeBytes, 8 * 512)
  const { hasFlags, sendFlush, sendFua, sendWriteZeroes } = TRANSMISSION_FLAGS
  assert.equal(client.exportFlags, hasFlags | sendFlush | sendFua | sendWriteZeroes)
  assert.equal(await client.write(512, sectorsOf(2, 3)), 0)
  assert.equal(await client.write(2048, sectorsOf(4), true), 0)
  assert.equal(await client.writeZeroes(1024, 1024), 0)
  assert.equal(await client.flush(), 0)
  assert.deepEqual(marksOf(await client.read(0, 8 * 512)), [1, 2, 0, 0, 4, 1, 1, 1])
  await client.disconnect()
  assert.deepEqual(marksOf(await readFile(disk.baseImage)), [1, 1, 1, 1, 1, 1, 1, 1])

  const again = await connectClient(disk.socketPath)
  assert.deepEqual(marksOf(await again.read(512, 1024)), [2, 0])
  await again.disconnect()
  assert.deepEqual(logged, [])
})

test('a cut leaves any of what was not flushed, and all that was', async (t) => {
  const world = await startDisk(t, 4)
  const client = await connectClient(world.disk.socketPath)
  assert.deepEqual(await imagesNow(world), new Set(['1111']))
  await client.write(0, sectorsOf(2, 3))
  assert.deepEqual(await imagesNow(world), new Set(['1111', '2111', '1311', '2311']))
  await client.flush()
  assert.deepEqual(await imagesNow(world), new Set(['2311']))
  await client.write(1024, sectorsOf(4), true)
  assert.deepEqual(await imagesNow(world), new Set(['2341']))
  await client.write(0, sectorsOf(5))
  await client.write(0, sectorsOf(6))
  assert.deepEqual(await imagesNow(world), new Set(['2341', '5341', '6341']))
  await client.disconnect()
  assert.deepEqual(await imagesNow(world), new Set(['2341', '5341', '6341']))
})

test('a flush that was asked for before the write was answered does not cover it', async (t) => {
  const world = await startDisk(t, 2)
  const client = await connectClient(world.disk.socketPath)
  client.socket.write(
    Buffer.concat([
      encodeRequest({ type: COMMAND.write, payload: sectorsOf(2), cookie: 7 }),
      encodeRequest({ type: COMMAND.flush, cookie: 8 }),
    ]),
  )
  assert.equal(await client.takeAnswer(7), 0)
  assert.equal(await client.takeAnswer(8), 0)
  assert.deepEqual(await imagesNow(world), new Set(['11', '21']))
  await client.flush()
  assert.deepEqual(await imagesNow(world), new Set(['21']))
})

test('a cut in the past is as it would have been then', async (t) => {
  const world = await startDisk(t, 2)
  const { disk } = world
  const client = await connectClient(disk.socketPath)
  const before = disk.nowMs()
  await client.write(0, sectorsOf(2), true)
  assert.equal(disk.cut(before), 0)
  assert.equal(disk.cut(), 2)
})

test('a disk finishes what it was given though the client is gone', async (t) => {
  const { disk } = await startDisk(t, 2)
  const client = await connectClient(disk.socketPath)
  client.socket.end(encodeRequest({ type: COMMAND.write, payload: sectorsOf(2) }))
  await client.readToEnd()
  const again = await connectClient(disk.socketPath)
  assert.deepEqual(marksOf(await again.read(0, 1024)), [2, 1])
  await again.disconnect()
})

test('more requests than may wait are all answered in their order', async (t) => {
  const { disk } = await startDisk(t, 600)
  const client = await connectClient(disk.socketPath)
  const cookies = Array.from({ length: 600 }, (_, i) => i + 1)
  client.socket.write(
    Buffer.concat(
      cookies.map((cookie) => {
        const payload = sectorsOf(cookie % 200)
        return encodeRequest({ type: COMMAND.write, cookie, offset: (cookie - 1) * 512, payload })
      }),
    ),
  )
  for (const cookie of cookies) assert.equal(await client.takeAnswer(cookie), 0)
  assert.deepEqual(
    marksOf(await client.read(0, 600 * 512)),
    cookies.map((cookie) => cookie % 200),
  )
  await client.disconnect()
})

test('a large write comes back whole', async (t) => {
  const { disk } = await startDisk(t, 65536)
  const client = await connectClient(disk.socketPath)
  const large = Buffer.from(Uint32Array.from({ length: 2 ** 23 }, (_, i) => i).buffer)
  assert.equal(await client.write(0, large), 0)
  assert.ok((await client.read(0, large.length)).equals(large))
  await client.disconnect()
})

test('a full journal fails writes and says so, and no cut pretends', async (t) => {
  const world = await startDisk(t, 8, { journalLimitBytes: 1024 })
  const client = await connectClient(world.disk.socketPath)
  assert.equal(await client.write(0, sectorsOf(2, 3)), 0)
  assert.equal(world.disk.cut(), 2)
  assert.equal(await client.write(1024, sectorsOf(4)), NBD_ERROR.noSpace)
  assert.deepEqual(world.logged, ['the journal is full: it may hold 1024 bytes of writes'])
  assert.deepEqual(marksOf(await client.read(0, 2048)), [2, 3, 1, 1])
  assert.throws(() => world.disk.cut(), {
    code: 'PLM_LAB',
    message: /would not tell the truth: the journal is full/,
  })
  await client.disconnect()
})

test('a disk leaves only what was there before', async (t) => {
  const { disk, directory } = await startDisk(t, 8)
  const client = await connectClient(disk.socketPath)
  await client.write(0, sectorsOf(2))
  assert.deepEqual(await readdir(directory), ['base.img', 'disk.sock'])
  await disk.close()
  await client.readToEnd()
  assert.deepEqual(await readdir(directory), ['base.img'])
})

test('an image has the size of the base and its holes, and is never written over the base', async (t) => {
  const directory = await makeDirectory(t)
  const baseImage = join(directory, 'base.img')
  await writeFile(baseImage, '')
  await truncate(baseImage, 64 * 2 ** 20)
  const disk = await startVolatileDisk({ baseImage, socketPath: join(directory, 's') })
  t.after(() => disk.close())
  const [image] = imagesAfterCut(disk.journal(), disk.cut(), createRng('x', 1), 1)
  assert.ok(image)
  const path = join(directory, 'after.img')
  await writeFile(path, 'an older and shorter one')
  await writeImageAfterCut(disk, image, path)
  const stats = await stat(path)
  assert.equal(stats.size, 64 * 2 ** 20)
  assert.ok(stats.blocks * 512 < 2 ** 20, `${stats.blocks} blocks`)
  await assert.rejects(writeImageAfterCut(disk, image, baseImage), {
    code: 'PLM_LAB',
    message: /it is the base image/,
  })
  assert.equal((await stat(baseImage)).size, 64 * 2 ** 20)
})

test('what will not do is said at the start', async (t) => {
  const directory = await makeDirectory(t)
  const at = (name: string) => join(directory, name)
  await writeFile(at('odd.img'), Buffer.alloc(513))
  await writeFile(at('empty.img'), '')
  await writeFile(at('good.img'), Buffer.alloc(512))
  const cases = [
    ['missing.img', at('s'), /missing\.img cannot be read: ENOENT/],
    ['odd.img', at('s'), /odd\.img is not a file of whole sectors of 512 bytes/],
    ['empty.img', at('s'), /empty\.img is not a file of whole sectors/],
    ['.', at('s'), /is not a file of whole sectors/],
    ['good.img', at('good.img'), /no socket could be made at .*: .*EADDRINUSE/],
    ['good.img', at('no/s'), /no journal could be made in .*ENOENT/],
  ] as const
  for (const [image, socketPath, message] of cases) {
    const started = startVolatileDisk({ baseImage: at(image), socketPath })
    await assert.rejects(started, { code: 'PLM_LAB', message }, image)
  }
})
