/** @module Where a log's bytes come from, one piece after another into a buffer that is used again. */
import { fstatSync, readSync } from 'node:fs'

export interface ByteSource {
  /** Bytes in all, where that is known. */
  readonly size?: number
  /** Fills `into` from its begin. @returns bytes; 0 at the end. @throws what reading throws */
  read(into: Buffer): number | Promise<number>
}

/** A file's: nothing is copied but by the kernel. */
export function fileSource(fd: number): ByteSource {
  let position = 0
  return {
    size: fstatSync(fd).size,
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
