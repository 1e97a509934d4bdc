/**
 * @module The release that a kernel image for x86 is of, read from its boot header: see
 * Documentation/arch/x86/boot.rst of Linux 6.6, "The real-mode kernel header".
 */

const MAGIC_OFFSET = 0x202
/** Offset of the version's text, less 0x200; in headers since protocol 2.00. */
const VERSION_POINTER_OFFSET = 0x20e
const SETUP_OFFSET = 0x200
const LONGEST_VERSION = 256

/** How much of an image the header and its text may take: 64 sectors of set-up at most. */
export const BOOT_HEADER_BYTES = 65 * 512

/** `6.1.0-40-cloud-amd64` of an image's first BOOT_HEADER_BYTES; null where it is no such image. */
export function readImageRelease(head: Buffer): string | null {
  if (head.length < VERSION_POINTER_OFFSET + 2) return null
  if (head.toString('latin1', MAGIC_OFFSET, MAGIC_OFFSET + 4) !== 'HdrS') return null
  const pointer = head.readUInt16LE(VERSION_POINTER_OFFSET)
  if (pointer === 0) return null
  const start = pointer + SETUP_OFFSET
  const text = head.toString('latin1', start, start + LONGEST_VERSION)
  return /^[A-Za-z0-9][A-Za-z0-9.+~_-]*(?=[ \0])/.exec(text)?.[0] ?? null
}
