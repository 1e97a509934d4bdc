/** @module A volatile disk in a directory of its own, for a test, with what it logs. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { SECTOR_BYTES } from './journal.ts'
import { startVolatileDisk, type VolatileDisk, type VolatileDiskOptions } from './volatile-disk.ts'

export interface DiskUnderTest {
  readonly disk: VolatileDisk
  readonly directory: string
  readonly logged: string[]
}

/** Sectors of one byte each. */
export function sectorsOf(...marks: readonly number[]): Buffer {
  return Buffer.concat(marks.map((mark) => Buffer.alloc(SECTOR_BYTES, mark)))
}

/** The first byte of each sector. */
export function marksOf(bytes: Uint8Array): readonly number[] {
  return Array.from(
    { length: bytes.length / SECTOR_BYTES },
    (_, i) => bytes[i * SECTOR_BYTES] ?? -1,
  )
}

export async function makeDirectory(t: TestContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'plimsoll-disk-'))
  t.after(() => rm(directory, { recursive: true }))
  return directory
}

/** The base image is of sectors with the byte 1. */
export async function startDisk(
  t: TestContext,
  sectors: number,
  options: Partial<VolatileDiskOptions> = {},
): Promise<DiskUnderTest> {
  const directory = await makeDirectory(t)
  const baseImage = join(directory, 'base.img')
  await writeFile(baseImage, Buffer.alloc(sectors * SECTOR_BYTES, 1))
  const logged: string[] = []
  const disk = await startVolatileDisk({
    baseImage,
    socketPath: join(directory, 'disk.sock'),
    log: (line) => logged.push(line),
    ...options,
  })
  t.after(() => disk.close())
  return { disk, directory, logged }
}
