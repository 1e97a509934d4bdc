/** @module Whether what is written to a descriptor goes to systemd's journal. */
import { fstatSync } from 'node:fs'

/**
 * @param stream JOURNAL_STREAM of the environment, device and inode of the journal's socket
 * (systemd.exec(5)): a terminal below a service of the desktop inherits one that is not its own
 */
export function isJournal(fd: number, stream: string | undefined): boolean {
  if (stream === undefined) return false
  try {
    const { dev, ino } = fstatSync(fd)
    return stream === `${dev}:${ino}`
  } catch {
    return false
  }
}
