/** @module Files in a directory of ours that nobody else may read. */
import { closeSync, constants, openSync, rmSync, writeSync } from 'node:fs'

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants

/** Made anew each time: what lies there may be open for somebody else. */
export function writePrivate(path: string, text: string): void {
  rmSync(path, { force: true })
  const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  try {
    writeSync(fd, text)
  } finally {
    closeSync(fd)
  }
}
