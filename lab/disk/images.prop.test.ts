import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRng } from '../traces/kit/rng.ts'
import { DATA_STRIDE, DISK_SECTORS, type History, history } from './history.fixture.ts'
import { piecesOf } from './image-bytes.ts'
import { type CutImage, countImages, imagesAfterCut } from './images.ts'
import {
  BASE,
  type Journal,
  SECTOR_BYTES,
  segmentsAfterCut,
  type Version,
  type WriteEvent,
} from './journal.ts'

const BASE_BYTE = 0xff

/** Every byte of the journal's data says which write it is of. */
function readData(dataSector: number, sectors: number): Uint8Array {
  return new Uint8Array(sectors * SECTOR_BYTES).fill(Math.floor(dataSector / DATA_STRIDE))
}

/** Which write's bytes each sector of the disk holds. */
function versionsOn(image: CutImage, journal: Journal): readonly Version[] {
  const disk = new Uint8Array(DISK_SECTORS * SECTOR_BYTES).fill(BASE_BYTE)
  for (const { firstSector, bytes } of piecesOf(image, journal, readData)) {
    disk.set(bytes, firstSector * SECTOR_BYTES)
  }
  return Array.from({ length: DISK_SECTORS }, (_, sector) => {
    const bytes = disk.subarray(sector * SECTOR_BYTES, (sector + 1) * SECTOR_BYTES)
    const byte = bytes[0] as number
    assert.ok(
      bytes.every((each) => each === byte),
      'a sector is of one write',
    )
    return byte === BASE_BYTE ? BASE : byte
  })
}

function placesOfDone(journal: Journal): ReadonlyMap<number, number> {
  return new Map(journal.flatMap((event, at) => (event.kind === 'done' ? [[event.of, at]] : [])))
}

/** The writes that a flush or their own FUA made durable, with what that means for their sectors. */
function durableWrites(journal: Journal) {
  const done = placesOfDone(journal)
  return journal.flatMap((event, place) => {
    if (event.kind !== 'write' || !done.has(place)) return []
    const flushed = journal.some(
      (later, at) => later.kind === 'flush' && at > (done.get(place) ?? 0) && done.has(at),
    )
    return event.fua || flushed ? [{ place, event }] : []
  })
}

function covers({ firstSector, sectors }: WriteEvent, sector: number): boolean {
  return sector >= firstSector && sector < firstSector + sectors
}

/** Up to so many images are looked at one by one. */
const MOST = 300

function images({ journal }: History, count = MOST, seed = 1): readonly CutImage[] {
  return [...imagesAfterCut(journal, journal.length, createRng('images', seed), count)]
}

function holds(law: (past: History, versions: readonly Version[], image: CutImage) => void): void {
  fc.assert(
    fc.property(history, fc.constantFrom(2, 12, MOST), (past, count) => {
      for (const image of images(past, count)) law(past, versionsOn(image, past.journal), image)
    }),
  )
}

test('what was made durable is in every image, or what came over it is', () => {
  holds(({ journal }, versions) => {
    const done = placesOfDone(journal)
    for (const { place, event } of durableWrites(journal)) {
      versions.forEach((version, sector) => {
        if (!covers(event, sector) || version === place) return
        assert.notEqual(version, BASE, `sector ${sector} lost write ${place}`)
        const answered = done.get(version) ?? Number.POSITIVE_INFINITY
        assert.ok(answered > place, `sector ${sector} went back from ${place} to ${version}`)
      })
    }
  })
})

test('no image holds what was never written there', () => {
  holds(({ journal }, versions) => {
    versions.forEach((version, sector) => {
      const event = journal[version]
      assert.ok(version === BASE || (event?.kind === 'write' && covers(event, sector)))
    })
  })
})

test('what a disk with a cache leaves behind is an image', () => {
  fc.assert(
    fc.property(history, (past) => {
      const segments = segmentsAfterCut(past.journal, past.journal.length)
      past.medium.forEach((version, sector) => {
        const found = segments.find(
          ({ firstSector, sectors }) => sector >= firstSector && sector < firstSector + sectors,
        )
        const may = found === undefined ? [BASE] : [found.settled, ...found.loose]
        assert.ok(may.includes(version), `sector ${sector} holds ${version}, may hold ${may}`)
      })
      if (countImages(segments, MOST) > MOST) return
      const all = images(past).map((image) => versionsOn(image, past.journal).join())
      assert.ok(all.includes(past.medium.join()), `${past.medium} is not among ${all.join('; ')}`)
    }),
    { numRuns: 1000 },
  )
})

test('images are as many as there are, or as were asked for, and no two are alike', () => {
  fc.assert(
    fc.property(history, fc.integer({ min: 1, max: 40 }), (past, count) => {
      const found = images(past, count)
      const segments = segmentsAfterCut(past.journal, past.journal.length)
      const keys = new Set(found.map((image) => versionsOn(image, past.journal).join()))
      assert.equal(keys.size, found.length)
      assert.equal(found.length, Math.min(count, countImages(segments, 1e6)))
    }),
  )
})

test('the same seed gives the same images', () => {
  fc.assert(
    fc.property(history, fc.integer(), (past, seed) => {
      assert.deepEqual(images(past, 20, seed), images(past, 20, seed))
    }),
  )
})

test('of one write that is not durable, every subset of its sectors is an image', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: DISK_SECTORS }), fc.boolean(), (sectors, answered) => {
      const write = { kind: 'write', atMs: 0, firstSector: 0, sectors, fua: false, dataSector: 0 }
      const done = { kind: 'done', atMs: 0, of: 0 }
      const journal = [write, ...(answered ? [done] : [])] as Journal
      const found = images({ journal, medium: [] }).map((image) =>
        versionsOn(image, journal)
          .map((version, sector) => (version === BASE ? 0 : 2 ** sector))
          .reduce((sum, bit) => sum + bit),
      )
      assert.deepEqual(
        found.toSorted((a, b) => a - b),
        Array.from({ length: 2 ** sectors }, (_, subset) => subset),
      )
    }),
  )
})
