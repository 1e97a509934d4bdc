/** @module What an ELF file's headers say of how it is run: see elf(5). */

const X86_64 = 62
const PT_INTERP = 3

/**
 * Whether a program for x86-64 runs without a loader and libraries: it has no PT_INTERP.
 * @param head as many bytes as its program headers reach; what is cut short or no ELF is not static
 */
export function isStaticElf(head: Buffer): boolean {
  if (head.length < 64 || head.toString('latin1', 0, 4) !== '\x7fELF') return false
  const is64Bit = head[4] === 2
  const isLittleEndian = head[5] === 1
  if (!is64Bit || !isLittleEndian || head.readUInt16LE(18) !== X86_64) return false
  const start = Number(head.readBigUInt64LE(32))
  const entryBytes = head.readUInt16LE(54)
  const count = head.readUInt16LE(56)
  if (count === 0 || entryBytes < 56 || start + entryBytes * count > head.length) return false
  for (let index = 0; index < count; index += 1) {
    if (head.readUInt32LE(start + index * entryBytes) === PT_INTERP) return false
  }
  return true
}
