/** @module What a log is, told by its first bytes: packed, in which encoding, or no text at all. */

export type Packing = 'plain' | 'gzip' | 'xz' | 'zstd'
export type Encoding = 'utf8' | 'utf16le' | 'utf16be' | 'cr'

const MAGIC: readonly (readonly [Packing, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
]
/** systemd's journal as it lies on disk (journal-def.h, HEADER_SIGNATURE). */
const JOURNAL = 'LPKSHHRH'
const LF = 0x0a
const CR = 0x0d
/** Of bytes that are not zero, so many may be controls: terminals and serial lines leave some. */
const MAX_CONTROLS = 0.05

function begins(head: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => head[i] === byte)
}

export function packingOf(head: Uint8Array): Packing {
  return MAGIC.find(([, magic]) => begins(head, magic))?.[0] ?? 'plain'
}

/** UTF-16 by its mark or by the zeros of Latin letters; `cr`: line ends as on a serial line, without LF. */
export function encodingOf(head: Uint8Array): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf16le'
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf16be'
  const pairs = Math.min(32, Math.floor(head.length / 2))
  const areZeros = (odd: number): boolean =>
    pairs >= 4 && Array.from({ length: pairs }, (_, i) => head[2 * i + odd]).every((b) => b === 0)
  if (areZeros(1) && !areZeros(0)) return 'utf16le'
  if (areZeros(0) && !areZeros(1)) return 'utf16be'
  return head.includes(CR) && !head.includes(LF) ? 'cr' : 'utf8'
}

export function isJournalFile(head: Uint8Array): boolean {
  return begins(
    head,
    [...JOURNAL].map((letter) => letter.charCodeAt(0)),
  )
}

/** Of a head that is not packed. Zeros say nothing: a crash leaves whole blocks of them in a log. */
export function isText(head: Uint8Array): boolean {
  const bytes = head.filter((byte) => byte !== 0)
  const controls = bytes.filter(
    (byte) => byte < 0x20 && !(byte >= 0x07 && byte <= 0x0d) && byte !== 0x1b,
  )
  return controls.length <= MAX_CONTROLS * bytes.length
}
