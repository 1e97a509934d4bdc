/**
 * @module CRC32C (Castagnoli, RFC 3720 appendix B.4), by a table, without allocation: node:zlib has another
 * polynomial, and the guard does not load it.
 */

/** 0x1EDC6F41 with its bits reversed. */
const POLYNOMIAL = 0x82f63b78

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? POLYNOMIAL : 0)
  return value
})

/** Of `bytes` from `from` up to `to`; that of "123456789" is 0xe3069283. */
export function crc32c(bytes: Uint8Array, from: number, to: number): number {
  let crc = -1
  for (let at = from; at < to; at++) {
    crc = (crc >>> 8) ^ (TABLE[(crc ^ (bytes[at] as number)) & 255] as number)
  }
  return ~crc >>> 0
}
