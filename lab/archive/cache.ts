/** @module Where the lab keeps what it fetched, and the lock that keeps writers apart. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'
import { PlimsollError } from '../../src/base/errors.ts'
import { requireTool } from './tools.ts'

/**
 * `$XDG_CACHE_HOME/plimsoll/lab`, else below `~/.cache`. A relative path is no path, says the XDG
 * Base Directory Specification 0.8.
 */
export function labCache(env: NodeJS.ProcessEnv = process.env, home = homedir()): string {
  const base = env.XDG_CACHE_HOME
  return join(base && isAbsolute(base) ? base : join(home, '.cache'), 'plimsoll', 'lab')
}

/** Makes the folder, or takes an older one from others: programs of any age lie in it. */
export function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true })
  chmodSync(folder, 0o700)
}

/** Names a cached thing by all that it is made of: 16 hexadecimal digits. */
export function cacheKey(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16)
}

/**
 * Runs `work` while no other process, and no other call of this one, holds the lock on `file`.
 * flock(1) becomes a cat that holds the lock until its input ends, so that the kernel lets go of
 * it however this process ends.
 * @throws PLM_LAB_TOOL without flock, PLM_LAB_ARCHIVE where the file cannot be locked, an
 *   AbortError once `signal` is aborted
 */
export async function withLock<Value>(
  file: string,
  work: () => Promise<Value>,
  signal?: AbortSignal,
): Promise<Value> {
  signal?.throwIfAborted()
  mkdirSync(join(file, '..'), { recursive: true })
  const holder = spawn(requireTool('flock'), ['--no-fork', file, 'cat'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = once(holder, 'close')
  holder.stdin.on('error', () => {})
  try {
    holder.stdin.write('\n')
    // The byte comes back when cat runs, hence when the lock is held.
    const held = once(holder.stdout, 'data', { signal }).then(() => true)
    const isHeld = await Promise.race([held, ended.then(() => false)])
    if (!isHeld) throw new PlimsollError('PLM_LAB_ARCHIVE', `could not lock ${file}`)
    return await work()
  } finally {
    holder.kill()
    await ended
  }
}
