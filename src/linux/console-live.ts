/**
 * @module What no small file tells: a line's speed, by `stty`; the kernel's configuration, compressed; and what the kernel
 * said of its log as it started.
 */
import { spawnSync } from 'node:child_process'
import { closeSync, constants, openSync, readFileSync, readSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { saidBytes } from '../core/console/log-buffer.ts'

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

/** A start has some hundred records; later ones cannot be of it. */
const START_RECORDS = 3000
/** Of one record, with its escapes (kernel/printk/printk.c, PRINTK_MESSAGE_MAX). */
const MAX_RECORD_BYTES = 8192
/** `6,78,108533,-;printk: ...`: priority, number, time, flags (Documentation/ABI/testing/dev-kmsg). */
const RECORD = /^(\d+),(\d+),[^;]*;([^\n]*)/
/** Kernel's own: a program's record has a facility, which is eight and more. */
const KERNEL_BELOW = 8

/**
 * The line in which the kernel said how large its log is, from its own log: it takes no lock of a console, and never
 * waits. A few milliseconds at most.
 * @returns `null` where it said nothing, its start is no longer in the log, or this user may not read it
 */
export function readLogBufferLine(path = '/dev/kmsg'): string | null {
  const buffer = Buffer.alloc(MAX_RECORD_BYTES)
  let fd: number | undefined
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    for (let count = 0; count < START_RECORDS; count++) {
      const length = readSync(fd, buffer, 0, MAX_RECORD_BYTES, null)
      const match = RECORD.exec(buffer.toString('latin1', 0, length))
      if (length === 0 || match === null || Number(match[2]) > START_RECORDS) return null
      const [, priority, , text = ''] = match
      if (Number(priority) < KERNEL_BELOW && saidBytes(text) !== null) return text
    }
    return null
  } catch {
    // EAGAIN at its end; EPIPE where records were overwritten meanwhile.
    return null
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}
