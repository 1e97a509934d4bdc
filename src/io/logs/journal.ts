/** @module The log of a boot as systemd's journal keeps it, by journalctl. */
import { spawn } from 'node:child_process'
import { PlimsollError } from '../../base/errors.ts'
import { streamText } from './decode.ts'
import type { ByteSource } from './source.ts'

const MAX_SAID = 1000

/** journalctl says so on standard error, with exit code 0 where it shows something all the same. */
const NOT_PERMITTED = /insufficient permissions|not seeing messages from other users/

/**
 * Calls `use` with the log of a boot: `0` this one, `-1` the one before, or a boot's ID.
 * @param what the kernel's messages alone, or those of all programs too
 * @throws PLM_LOG where journalctl or that boot is not there, PLM_PERMISSION
 */
export async function withJournal<T>(
  boot: string,
  what: 'kernel' | 'all',
  use: (source: ByteSource) => Promise<T>,
): Promise<T> {
  // "all" has no stamp that is the same in two boots, but the reader sees times run backwards.
  const child = spawn(
    'journalctl',
    [
      ...(what === 'kernel' ? ['--dmesg'] : []),
      '--output=short-monotonic',
      '--no-pager',
      `--boot=${boot}`,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let said = ''
  child.stderr.on('data', (bytes: Buffer) => {
    said = (said + bytes.toString()).slice(0, MAX_SAID)
  })
  const ended = new Promise<{ code: number | null; error: Error | null }>((resolve) => {
    child.once('error', (error) => resolve({ code: null, error }))
    child.once('close', (code) => resolve({ code, error: null }))
  })
  try {
    const result = await use(streamText(child.stdout, 'journalctl'))
    const { code, error } = await ended
    if (error !== null) {
      throw new PlimsollError('PLM_LOG', `journalctl cannot be run: ${error.message}`, {
        hint: 'Without systemd the log is in /var/log: name its files, or use --dmesg.',
      })
    }
    if (NOT_PERMITTED.test(said)) {
      throw new PlimsollError('PLM_PERMISSION', 'the journal of the kernel may not be read', {
        hint: 'Run as root, or as a member of the group systemd-journal or adm.',
      })
    }
    // Of this boot it says so with exit code 0.
    if (code !== 0 || said.includes('No journal files were found')) {
      const why = said.trim().split('\n')[0] ?? ''
      throw new PlimsollError('PLM_LOG', `journalctl shows nothing (exit code ${code}): ${why}`, {
        hint: '`journalctl --list-boots` lists the boots that are kept.',
      })
    }
    return result
  } finally {
    child.kill()
  }
}
