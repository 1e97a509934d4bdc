/** @module All lines of a log, for what may stand on any of them; bounded whatever it holds. */
import type { ByteSource } from './source.ts'

const PIECE = 256 * 1024
/** A line is cut here; what follows up to its end is dropped. */
const MAX_LINE = 16_384
const LF = 0x0a

/**
 * Calls `onLine` with each line and its number from 1.
 * @throws what the source throws
 */
export async function forEachLine(
  source: ByteSource,
  onLine: (line: string, number: number) => void,
): Promise<void> {
  const buffer = Buffer.alloc(PIECE + MAX_LINE)
  let end = 0
  let number = 0
  let isDropping = false
  for (;;) {
    const got = await source.read(buffer.subarray(end, end + PIECE))
    end += got
    let at = 0
    for (;;) {
      const found = buffer.indexOf(LF, at)
      const hasEnd = found >= 0 && found < end
      const length = (hasEnd ? found : end) - at
      if (!hasEnd && (length === 0 || (got > 0 && length <= MAX_LINE))) break
      if (!isDropping)
        onLine(buffer.toString('utf8', at, at + Math.min(length, MAX_LINE)), ++number)
      isDropping = !hasEnd
      at += length + (hasEnd ? 1 : 0)
    }
    buffer.copyWithin(0, at, end)
    end -= at
    if (got === 0) return
  }
}
