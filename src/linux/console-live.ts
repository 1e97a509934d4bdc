/** @module What no small file tells: a line's speed, by `stty`, and the kernel's configuration, compressed. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

const WITHIN_MS = 500

/**
 * `stty -a` of a terminal: it opens with O_NONBLOCK, so that no carrier is waited for, and not as the leader of a
 * session, so that it does not become anybody's controlling terminal. Node itself has no tcgetattr(3).
 * @returns `null` where the port is not there, may not be opened, or does not answer
 */
export function readTermios(device: string): string | null {
  if (!/^[A-Za-z]+\d+$/.test(device)) return null
  const { status, stdout } = spawnSync('stty', ['-a', '-F', `/dev/${device}`], {
    encoding: 'utf8',
    timeout: WITHIN_MS,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    maxBuffer: 8192,
  })
  return status === 0 ? stdout.trimEnd() : null
}

/** A configuration is 200 KiB; what is longer than this is none. */
const MAX_CONFIG_BYTES = 4 * 1024 * 1024

/** /proc/config.gz, where the kernel has it (CONFIG_IKCONFIG_PROC). */
export function readPackedConfig(path: string): string | null {
  try {
    return gunzipSync(readFileSync(path), { maxOutputLength: MAX_CONFIG_BYTES }).toString('latin1')
  } catch {
    return null
  }
}
