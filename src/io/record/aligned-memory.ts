/**
 * @module Memory for O_DIRECT (open(2)): it must begin where a block of the disk may, and Node's buffers begin
 * anywhere. V8 maps WebAssembly's by whole pages, and it stays where it is.
 */

const WASM_PAGE_BYTES = 65_536

/** `bytes` of memory, every page of it touched; `undefined`: this process may not have any. */
export function allocateAligned(bytes: number): Uint8Array | undefined {
  const pages = Math.ceil(bytes / WASM_PAGE_BYTES)
  try {
    const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages })
    // Touched now: in need there may be none to touch.
    return new Uint8Array(buffer, 0, bytes).fill(0xff).fill(0)
  } catch {
    return undefined
  }
}
