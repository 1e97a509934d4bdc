import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRng } from '../traces/kit/rng.ts'
import { imagesAfterCut } from './images.ts'
import type { DiskEvent, Journal } from './journal.ts'

/** Writes of 8 sectors, answered, one after the other on the disk: events 0, 2, 4 and so on. */
function writesOfEight(count: number): Journal {
  return Array.from({ length: count }, (_, i): DiskEvent[] => [
    { kind: 'write', atMs: i, firstSector: 8 * i, sectors: 8, fua: false, dataSector: 8 * i },
    { kind: 'done', atMs: i, of: 2 * i },
  ]).flat()
}

function imagesOf(journal: Journal, count: number) {
  return [...imagesAfterCut(journal, journal.length, createRng('kinds', 3), count)]
}

test('where there are too many, each kind of image is among them', () => {
  const found = imagesOf(writesOfEight(4), 40)
  assert.equal(found.length, 40)
  assert.deepEqual(found[0], { how: 'none', extents: [] })
  assert.equal(found[1]?.how, 'all')
  assert.deepEqual(
    found[1].extents,
    [0, 2, 4, 6].map((from) => ({ firstSector: 4 * from, sectors: 8, from })),
  )
  for (const kind of [
    /^writes up to \d$/,
    /^all but write \d$/,
    /^all but sector \d+$/,
    /^writes before \d, and of it what lies before sector \d+$/,
    /^writes before \d, and of it what lies from sector \d+ on$/,
    /^sectors at random/,
    /^writes at random/,
  ]) {
    assert.ok(
      found.some(({ how }) => kind.test(how)),
      `${kind}`,
    )
  }
})

test('an image is what its name says', () => {
  const total = (extents: readonly { sectors: number }[]) =>
    extents.reduce((sum, { sectors }) => sum + sectors, 0)
  for (const { how, extents } of imagesOf(writesOfEight(4), 60)) {
    const [, upTo] = /^writes up to (\d)$/.exec(how) ?? []
    if (upTo !== undefined) assert.equal(total(extents), 4 * Number(upTo) + 8, how)
    const [, without] = /^all but write (\d)$/.exec(how) ?? []
    if (without !== undefined) {
      assert.equal(total(extents), 24, how)
      assert.ok(
        extents.every(({ from }) => from !== Number(without)),
        how,
      )
    }
    const [, sector] = /^all but sector (\d+)$/.exec(how) ?? []
    if (sector !== undefined) {
      assert.equal(total(extents), 31, how)
      const missing = Number(sector)
      const holds = extents.some(
        ({ firstSector, sectors }) => missing >= firstSector && missing < firstSector + sectors,
      )
      assert.ok(!holds, how)
    }
    const [, torn, border] = /^writes before (\d), .* before sector (\d+)$/.exec(how) ?? []
    if (torn !== undefined) {
      assert.equal(total(extents), Number(border), how)
      assert.ok(Math.floor(Number(border) / 8) * 2 === Number(torn), how)
    }
  }
})

test('of an enormous write, an image stays small', () => {
  const journal: Journal = [
    { kind: 'write', atMs: 0, firstSector: 0, sectors: 2 ** 25, fua: false, dataSector: null },
  ]
  const sizes = imagesOf(journal, 30).map(({ extents }) => extents.length)
  assert.equal(sizes.length, 30)
  assert.ok(Math.max(...sizes) <= 4096, `${Math.max(...sizes)}`)
  assert.ok(Math.max(...sizes) > 100, `${Math.max(...sizes)}`)
})
