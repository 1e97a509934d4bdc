/** @module Where a log's bytes come from, one piece after another into a buffer that is used again. */
import { fstatSync, readSync } from 'node:fs'
import type { Scout } from './scout.ts'
import { TILE } from './scout.ts'

export interface ByteSource {
  /** Bytes in all, where that is known. */
  readonly size?: number
  /** Parts that need not be read, where somebody looks for them. */
  readonly passing?: Passing
  /** Fills `into` from its begin. @returns bytes; 0 at the end. @throws what reading throws */
  read(into: Buffer): number | Promise<number>
}

export interface Passing {
  /** Bytes of a part. */
  readonly tile: number
  /** Line ends of a part that need not be read; `undefined` where it is to be read. */
  linesOf(tile: number): number | undefined
  /** The next byte to be read. */
  seek(offset: number): void
}

/** A file's: nothing is copied but by the kernel. */
export function fileSource(fd: number, scout?: Scout): ByteSource {
  let position = 0
  const passing: Passing | undefined = scout && {
    tile: TILE,
    linesOf: scout.linesOf,
    seek(offset) {
      position = offset
    },
  }
  return {
    size: fstatSync(fd).size,
    ...(passing === undefined ? {} : { passing }),
    read(into) {
      const got = readSync(fd, into, 0, into.length, position)
      position += got
      return got
    },
  }
}

/** A stream's pieces, whatever their size. */
export function streamSource(stream: AsyncIterable<Buffer>): ByteSource {
  const pieces = stream[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)
  return {
    async read(into) {
      while (rest.length === 0) {
        const next = await pieces.next()
        if (next.done === true) return 0
        rest = next.value
      }
      const got = rest.copy(into)
      rest = rest.subarray(got)
      return got
    },
  }
}

/** Enough of a log to tell whether it is one. */
const HEAD = 4096

/** The same source; its first bytes are shown once, before they are used. */
export function withHead(source: ByteSource, onHead: (head: Buffer) => void): ByteSource {
  let isShown = false
  return {
    ...source,
    async read(into) {
      const got = await source.read(into)
      if (!isShown && got > 0) onHead(into.subarray(0, Math.min(got, HEAD)))
      isShown = true
      return got
    },
  }
}
