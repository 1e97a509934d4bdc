/**
 * @module A power cut while a recorder writes to a file system of a guest: of every image that the disk may leave, what
 * was told as recorded is read, whole, unless the ring has come round to it, and nothing else.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { runTool } from '../../lab/archive/run-tool.ts'
import { findProgram, requireTool } from '../../lab/archive/tools.ts'
import { writeImageAfterCut } from '../../lab/disk/image-file.ts'
import { imagesAfterCut } from '../../lab/disk/images.ts'
import { startVolatileDisk } from '../../lab/disk/volatile-disk.ts'
import { nodeFiles } from '../../lab/image/node.ts'
import { createRng } from '../../lab/traces/kit/rng.ts'
import { MIB } from '../../src/base/units.ts'
import type { RecoveredRing } from '../../src/core/record/records.ts'
import { readRing } from '../../src/io/record/read-ring.ts'
import { orSkip, play, told } from './play.ts'
import { bundleProgram } from './plimsoll-files.ts'

const DISK_BYTES = 16 * MIB
const COUNT = 300
const CUTS = 12
const IMAGES_A_CUT = 4

interface Told {
  readonly atMs: number
  readonly record: number
}

/** What the next boot does: the journal is replayed, and then the file is read. */
async function recorderOn(image: string, file: string): Promise<RecoveredRing> {
  // 1: faults were put right, such as a count of free blocks (e2fsck(8)).
  await runTool(findProgram('e2fsck') ?? 'e2fsck', ['-fy', image], {})
  const dumped = await runTool(
    findProgram('debugfs') ?? 'debugfs',
    ['-R', `dump /recorder.ring ${file}`, image],
    {},
  )
  assert.ok(dumped.ok)
  return readRing(file)
}

function recordOf(payload: Uint8Array): number {
  const text = new TextDecoder().decode(payload)
  const [number = '', rest = ''] = text.split(' ')
  const record = Number(number)
  assert.equal(rest, String.fromCharCode(97 + (record % 26)).repeat((record % 4) * 3900))
  return record
}

test('what a recorder told as recorded is read after every power cut', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-cut-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const baseImage = join(folder, 'base')
  writeFileSync(baseImage, '')
  truncateSync(baseImage, DISK_BYTES)
  const made = await orSkip(t, () =>
    runTool(requireTool('mke2fs'), ['-q', '-t', 'ext4', '-F', baseImage], {}),
  )
  if (made === null) return
  assert.ok(made.ok)
  const disk = await startVolatileDisk({ baseImage, socketPath: join(folder, 'nbd') })
  t.after(() => disk.close())

  const records: Told[] = []
  const run = await play(
    t,
    '6.1',
    async (kernel) => ({
      kernel,
      root: 'ext4',
      memoryMib: 1024,
      cpus: 2,
      consoles: [],
      disk: { nbdSocket: disk.socketPath },
      files: [
        ...(await nodeFiles()),
        await bundleProgram('test/lab/record-writer.ts', 'record-writer.mjs'),
      ],
      script: [
        'mkdir -m 700 /record && mount -t ext4 /dev/vda /record',
        `node /record-writer.mjs /record/recorder.ring /dev/ttyS2 ${COUNT}`,
        'tell over',
      ],
    }),
    ({ event, record }) => {
      if (event === 'recorded') records.push({ atMs: disk.nowMs(), record: Number(record) })
    },
  )
  if (run === null) return
  assert.equal(told(run, 'recording').isDirect, true)
  assert.equal(records.length, COUNT)

  const rng = createRng('recorder cut', 1)
  const [firstMs = 0, lastMs = 0] = [records.at(0)?.atMs, records.at(-1)?.atMs]
  const image = join(folder, 'after')
  let images = 0
  for (let cut = 0; cut < CUTS; cut++) {
    const cutMs = firstMs + rng() * (lastMs - firstMs)
    const before = records.filter(({ atMs }) => atMs <= cutMs).length
    for (const left of imagesAfterCut(disk.journal(), disk.cut(cutMs), rng, IMAGES_A_CUT)) {
      images++
      await writeImageAfterCut(disk, left, image)
      const ring = await recorderOn(image, join(folder, 'ring'))
      const found = ring.items.map(({ payload }) => recordOf(payload))
      const said = `${left.how}: ${before} were told, ${found.at(0)} to ${found.at(-1)} found`
      // No gap: from the oldest that the ring still has to the last that was told, and at most the next.
      assert.deepEqual(
        found,
        found.map((_, i) => (found[0] ?? 0) + i),
        said,
      )
      assert.ok((found.at(-1) ?? -1) >= before - 1, said)
      // 254 slots of up to four a record, of which writes under way may take four.
      assert.ok(found.length >= Math.min(before, 99), said)
      assert.deepEqual([ring.counts.foreign, ring.breaks, ring.headersWhole], [0, 0, 2], said)
    }
  }
  assert.ok(images > CUTS, `${images} images`)
  t.diagnostic(`${images} images of ${CUTS} cuts`)
})
