/** @module The beginning of a file, where formats say what they are. */
import { closeSync, openSync, readSync } from 'node:fs'

/** The first `bytes` of a file, fewer where it is shorter. Throws as node:fs does. */
export function readHead(path: string, bytes: number): Buffer {
  const file = openSync(path, 'r')
  try {
    const head = Buffer.alloc(bytes)
    return head.subarray(0, readSync(file, head, 0, bytes, 0))
  } finally {
    closeSync(file)
  }
}
