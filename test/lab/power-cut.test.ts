/**
 * @module A power cut while a guest writes: what was told as durable is on every disk that may be
 * left; what was not made durable is missing on some, which proves that the disk does not flatter.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { piecesOf } from '../../lab/disk/image-bytes.ts'
import { type CutImage, imagesAfterCut } from '../../lab/disk/images.ts'
import { SECTOR_BYTES } from '../../lab/disk/journal.ts'
import { startVolatileDisk, type VolatileDisk } from '../../lab/disk/volatile-disk.ts'
import { createRng } from '../../lab/traces/kit/rng.ts'
import { MIB } from '../../src/base/units.ts'
import { play, told } from './play.ts'

const DISK_BYTES = 4 * MIB
const RECORD_BYTES = 4096
const COUNT = 200
const CUTS = 40
const IMAGES_A_CUT = 12

/** How each writer opens the disk. */
const WRITERS = {
  durable: '--direct --dsync',
  direct: '--direct',
  buffered: '',
} as const
type Writer = keyof typeof WRITERS
const NAMES = Object.keys(WRITERS) as readonly Writer[]

interface Told {
  readonly atMs: number
  readonly name: Writer
  readonly slot: number
}

function bytesOf(disk: VolatileDisk, image: CutImage): Buffer {
  const bytes = Buffer.alloc(DISK_BYTES)
  for (const piece of piecesOf(image, disk.journal(), disk.readData)) {
    bytes.set(piece.bytes, piece.firstSector * SECTOR_BYTES)
  }
  return bytes
}

/** Whether all sectors of the record are there. */
function isWhole(bytes: Buffer, { name, slot }: Told): boolean {
  const begins = `${name} ${slot} `
  for (let at = slot * RECORD_BYTES; at < (slot + 1) * RECORD_BYTES; at += SECTOR_BYTES) {
    if (bytes.toString('latin1', at, at + begins.length) !== begins) return false
  }
  return true
}

test('what was told as durable survives every power cut, and nothing else is sure to', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-cut-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const baseImage = join(folder, 'base')
  writeFileSync(baseImage, '')
  truncateSync(baseImage, DISK_BYTES)
  const disk = await startVolatileDisk({ baseImage, socketPath: join(folder, 'nbd') })
  t.after(() => disk.close())

  const records: Told[] = []
  let writtenMs = Number.NaN
  let syncedMs = Number.NaN
  const run = await play(
    t,
    '6.1',
    (kernel) => ({
      kernel,
      memoryMib: 256,
      cpus: 2,
      consoles: [],
      disk: { nbdSocket: disk.socketPath },
      programs: ['slots'],
      script: [
        ...NAMES.map((name, index) => {
          const place = `${name} /dev/vda ${index * COUNT} ${COUNT} 5 /dev/ttyS2`
          return `slots ${place} ${WRITERS[name]} & writers="$writers $!"`
        }),
        'wait $writers',
        // sync(2) writes what is dirty and leaves it to file systems to flush the disk: here is none.
        'sync',
        'tell written',
        // fsync(2) flushes it, whatever was written.
        'dd if=/dev/zero of=/dev/vda bs=4096 seek=1000 count=1 conv=fsync,notrunc',
        'tell synced',
      ],
    }),
    (event) => {
      const atMs = disk.nowMs()
      if (event.event === 'written') writtenMs = atMs
      if (event.event === 'synced') syncedMs = atMs
      if (event.event !== 'wrote') return
      records.push({ atMs, name: event.name as Writer, slot: Number(event.slot) })
    },
  )
  if (run === null) return
  told(run, 'synced')
  assert.equal(records.length, NAMES.length * COUNT)

  const rng = createRng('power cut', 1)
  const [firstMs = 0, lastMs = 0] = [records.at(0)?.atMs, records.at(-1)?.atMs]
  const missing = { durable: 0, direct: 0, buffered: 0 }
  let images = 0
  const examine = (cutMs: number): void => {
    const before = records.filter(({ atMs }) => atMs <= cutMs)
    for (const image of imagesAfterCut(disk.journal(), disk.cut(cutMs), rng, IMAGES_A_CUT)) {
      images++
      const bytes = bytesOf(disk, image)
      for (const record of before) if (!isWhole(bytes, record)) missing[record.name]++
    }
  }
  for (let cut = 0; cut < CUTS; cut++) examine(firstMs + rng() * (lastMs - firstMs))
  assert.ok(images > CUTS)
  assert.equal(missing.durable, 0, 'told as durable, and lost')
  assert.ok(missing.direct > 0, 'the disk kept what nobody had flushed')
  assert.ok(missing.buffered > 0, 'what stood in memory alone was on the disk')

  const atCuts = { ...missing }
  examine(syncedMs)
  assert.deepEqual(missing, atCuts, 'what the disk was asked to flush is not there')
  examine(writtenMs)
  assert.equal(missing.durable, 0)
  assert.ok(missing.buffered > atCuts.buffered, 'what was written and not flushed was durable')
})
