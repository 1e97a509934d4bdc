/** @module /proc/PID/auxv: what the kernel tells a program about itself, above all the page size. */

/** Types of entries (linux/auxvec.h). */
export const AT_PAGESZ = 6
export const AT_CLKTCK = 17

/** Both words are unsigned long: 64 bits on every architecture that Node 24 runs on, little endian. */
const ENTRY_BYTES = 16

/**
 * Value of the entry of `type`.
 * @returns `undefined` when the vector has none, or a senseless one (0, above 2^53).
 * @see getauxval(3); fs/proc/base.c proc_pid_auxv (auxv_read()), v2.6..v6.18
 */
export function parseAuxv(bytes: Uint8Array, length: number, type: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, Math.min(length, bytes.length))
  for (let at = 0; at + ENTRY_BYTES <= view.byteLength; at += ENTRY_BYTES) {
    if (Number(view.getBigUint64(at, true)) !== type) continue
    const value = Number(view.getBigUint64(at + 8, true))
    return value > 0 && Number.isSafeInteger(value) ? value : undefined
  }
  return undefined
}
