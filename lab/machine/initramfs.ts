/** @module The guest's first root: busybox, the lab's programs, modules, and the script as /init. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import type { CpioEntry } from './cpio.ts'
import { encodeCpio } from './cpio.ts'
import type { Guest, GuestFile } from './guest.ts'
import { buildGuestProgram } from './programs.ts'
import { renderInit } from './script.ts'

const PROGRAMS = ['heartbeat', 'sleepers', 'grow']

export interface Ingredients {
  readonly busybox: string
  /** Module files in the order in which they load. */
  readonly modules: readonly string[]
}

function executable(path: string, from: string): CpioEntry {
  return { kind: 'file', path, mode: 0o755, data: readFileSync(from) }
}

function guestFile({ path, from, isExecutable }: GuestFile): CpioEntry {
  const data = 'file' in from ? readFileSync(from.file) : Buffer.from(from.text)
  return { kind: 'file', path, mode: isExecutable === true ? 0o755 : 0o644, data }
}

/** A cpio archive that the kernel unpacks; see encodeCpio. */
export function buildInitramfs(guest: Guest, { busybox, modules }: Ingredients): Buffer {
  const modulePath = (file: string): string => `lib/modules/${basename(file)}`
  const init = renderInit(
    guest,
    modules.map((file) => `/${modulePath(file)}`),
  )
  return encodeCpio([
    // The kernel opens its console before /dev is mounted.
    { kind: 'device', path: 'dev/console', major: 5, minor: 1 },
    { kind: 'file', path: 'init', mode: 0o755, data: Buffer.from(init) },
    executable('bin/busybox', busybox),
    ...PROGRAMS.map((name) => executable(`bin/${name}`, buildGuestProgram(name))),
    ...modules.map((file) => executable(modulePath(file), file)),
    ...(guest.files ?? []).map(guestFile),
  ])
}
