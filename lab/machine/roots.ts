/** @module What a guest boots from: one root in memory, or a small one that goes on to a disk. */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { findBusybox } from '../archive/busybox.ts'
import { modulesFor } from '../archive/kernels.ts'
import { makeExt4Image } from '../image/ext4.ts'
import { SCENE_SCRIPT, systemFiles } from '../image/system.ts'
import { type CpioEntry, encodeCpio, type FileEntry } from './cpio.ts'
import type { Guest, GuestFile } from './guest.ts'
import { buildGuestProgram } from './programs.ts'
import { OVER, renderInit, renderService, renderSwitch } from './script.ts'

const PROGRAMS = ['heartbeat', 'sleepers', 'grow']

export interface Root {
  /** A cpio archive that the kernel unpacks; see encodeCpio. */
  readonly initramfs: Buffer
  /** An ext4 image in the cache, not to be written. */
  readonly rootImage: string | null
}

/** The kernel opens its console before /dev is mounted. */
const CONSOLE: CpioEntry = { kind: 'device', path: 'dev/console', major: 5, minor: 1 }

function executable(path: string, data: Buffer): FileEntry {
  return { kind: 'file', path, mode: 0o755, data }
}

function guestFile({ path, from, isExecutable }: GuestFile): FileEntry {
  const data = 'file' in from ? readFileSync(from.file) : Buffer.from(from.text)
  return { kind: 'file', path, mode: isExecutable === true ? 0o755 : 0o644, data }
}

/** The name that the root's disk has in the guest. */
export function rootDevice({ disk }: Pick<Guest, 'disk'>): '/dev/vda' | '/dev/vdb' {
  return disk === undefined ? '/dev/vda' : '/dev/vdb'
}

/** The modules that the description asks for, and those of its disks. */
export function wantedModules({ disk, root = 'initramfs', modules = [] }: Guest): string[] {
  const hasDisk = disk !== undefined || root !== 'initramfs'
  return [
    ...(hasDisk ? ['virtio_pci', 'virtio_blk'] : []),
    ...(root === 'initramfs' ? [] : ['ext4']),
    ...modules,
  ]
}

/**
 * Makes what the guest boots from. An image is made once for the same files: what changes from run
 * to run (the script, files given as text) is copied over it by the guest.
 * @throws PLM_LAB, PLM_LAB_TOOL, PLM_LAB_ARCHIVE, PLM_LAB_KERNEL where an ingredient is missing
 */
export async function makeRoot(guest: Guest, signal?: AbortSignal): Promise<Root> {
  const { root = 'initramfs', files = [] } = guest
  const busybox = executable('bin/busybox', readFileSync(await findBusybox(signal)))
  const moduleFiles = await modulesFor(guest.kernel, wantedModules(guest), signal)
  const modules = moduleFiles.map((file) =>
    executable(`lib/modules/${basename(file)}`, readFileSync(file)),
  )
  const modulePaths = modules.map(({ path }) => `/${path}`)
  const programs = [...PROGRAMS, ...(guest.programs ?? [])].map((name) =>
    executable(`bin/${name}`, readFileSync(buildGuestProgram(name))),
  )
  if (root === 'initramfs') {
    const init = executable('init', Buffer.from(renderInit(guest, modulePaths)))
    const entries = [CONSOLE, init, busybox, ...programs, ...modules, ...files.map(guestFile)]
    return { initramfs: encodeCpio(entries), rootImage: null }
  }
  const isSystem = root !== 'ext4'
  const [init, scene] = isSystem
    ? ['/sbin/init', executable(SCENE_SCRIPT, Buffer.from(renderService(guest)))]
    : ['/init', executable('init', Buffer.from(renderInit(guest, [])))]
  const texts = files.filter(({ from }) => 'text' in from).map(guestFile)
  const kept = files.filter(({ from }) => 'file' in from).map(guestFile)
  const rootImage = await makeExt4Image(
    [busybox, ...programs, ...(isSystem ? systemFiles() : []), ...kept],
    { tree: isSystem ? root.system : null, signal },
  )
  const first = executable('init', Buffer.from(renderSwitch(rootDevice(guest), init, modulePaths)))
  const over = [scene, ...texts].map((entry) => ({ ...entry, path: `${OVER}/${entry.path}` }))
  return { initramfs: encodeCpio([CONSOLE, first, busybox, ...modules, ...over]), rootImage }
}
