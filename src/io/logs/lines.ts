/** @module Lines of a log that is read in pieces, bounded whatever it holds. */
import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** A line is cut here; what follows up to its end is dropped. */
const MAX_LINE = 16_384

/** UTF-16 as Windows writes it: a mark at the front, or zeros in every second byte. */
function encodingOf(head: Uint8Array): BufferEncoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf16le'
  const pairs = Math.min(32, Math.floor(head.length / 2))
  const zeros = Array.from({ length: pairs }, (_, i) => head[2 * i + 1]).filter(
    (byte) => byte === 0,
  )
  return pairs >= 4 && zeros.length === pairs ? 'utf16le' : 'utf8'
}

/**
 * Calls `onLine` with each line and its number from 1.
 * @throws what the stream throws
 */
export async function forEachLine(
  source: Readable,
  onLine: (line: string, number: number) => void,
): Promise<void> {
  let decoder: StringDecoder | undefined
  let rest = ''
  let number = 0
  let isCut = false
  const take = (text: string): void => {
    number++
    if (!isCut) onLine(text, number)
    isCut = false
  }
  for await (const chunk of source) {
    const bytes = chunk as Buffer
    decoder ??= new StringDecoder(encodingOf(bytes))
    const text = rest + decoder.write(bytes)
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      take(text.slice(from, end))
      from = end + 1
    }
    rest = text.slice(from)
    if (rest.length > MAX_LINE) {
      if (!isCut) onLine(rest.slice(0, MAX_LINE), number + 1)
      isCut = true
      rest = ''
    }
  }
  const last = rest + (decoder?.end() ?? '')
  if (last !== '') take(last)
}
