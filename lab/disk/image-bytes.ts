/** @module The bytes that an image lays over the base, piece by piece. */
import { assertTrue } from '../../src/base/assert.ts'
import type { CutImage } from './images.ts'
import { type Journal, SECTOR_BYTES } from './journal.ts'

/** Sectors of the journal's data, from `dataSector` on. */
export type ReadData = (dataSector: number, sectors: number) => Uint8Array

export interface Piece {
  readonly firstSector: number
  readonly bytes: Uint8Array
}

/** 1 MiB at a time, however large a write was. */
const PIECE_SECTORS = 2048

/** @param journal that the image was made from */
export function* piecesOf(image: CutImage, journal: Journal, readData: ReadData): Generator<Piece> {
  for (const extent of image.extents) {
    const write = journal[extent.from]
    assertTrue(write?.kind === 'write', `event ${extent.from} of the journal is a write`)
    for (let done = 0; done < extent.sectors; done += PIECE_SECTORS) {
      const sectors = Math.min(PIECE_SECTORS, extent.sectors - done)
      const firstSector = extent.firstSector + done
      const bytes =
        write.dataSector === null
          ? new Uint8Array(sectors * SECTOR_BYTES)
          : readData(write.dataSector + firstSector - write.firstSector, sectors)
      yield { firstSector, bytes }
    }
  }
}
