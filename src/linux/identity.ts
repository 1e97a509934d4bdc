/** @module Which host, which boot. */
import { readFileSync } from 'node:fs'
import { hostname, uptime } from 'node:os'

export interface HostIdentity {
  /** From machine-id(5), never the id itself: it is meant to stay on the host. */
  readonly hostId: string
  readonly hostName: string
  /** /proc/sys/kernel/random/boot_id; '' unknown. */
  readonly bootId: string
}

function readTrimmed(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

/** FNV-1a, 64 bits: an id to tell hosts apart, not a secret. */
function hashHex(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of Buffer.from(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  }
  return hash.toString(16).padStart(16, '0')
}

export function readHostIdentity(procRoot = '/proc'): HostIdentity {
  const hostName = hostname()
  const machineId = readTrimmed('/etc/machine-id')
  return {
    hostId: hashHex(`plimsoll:${machineId === '' ? hostName : machineId}`),
    hostName,
    bootId: readTrimmed(`${procRoot}/sys/kernel/random/boot_id`),
  }
}

/** Time since boot with suspend, ms, in steps of 10 ms (/proc/uptime). */
export function readBootMs(): number {
  return uptime() * 1000
}
