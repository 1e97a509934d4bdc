/** @module The emulator's command line for a guest. Pure. */

import { SCENE_TARGET } from '../image/system.ts'
import type { Accelerator } from './accelerator.ts'
import type { Guest } from './guest.ts'
import { CONSOLE_PORTS } from './script.ts'

/** The emulator's descriptors of the guest's four serial ports, each of them a Unix socket, or null. */
export interface PortFds {
  readonly talk: number
  readonly console: number | null
  readonly events: number
  readonly secondConsole: number | null
}

function systemArguments({ root = 'initramfs' }: Guest): readonly string[] {
  if (typeof root === 'string') return []
  // A message a unit on the console would take its line from the kernel.
  return [`systemd.unit=${SCENE_TARGET}`, 'systemd.show_status=0', 'systemd.log_target=null']
}

/** What the kernel is told: quiet until the script says otherwise, consoles in their order. */
export function kernelArguments(guest: Guest): readonly string[] {
  return [
    ...guest.consoles.map(({ baud }, index) => `console=${CONSOLE_PORTS[index]},${baud}n8`),
    ...(guest.consoles.length === 0 ? ['console='] : []),
    'quiet',
    'panic=-1',
    ...(guest.cgroups === 'v2' ? ['cgroup_no_v1=all'] : []),
    ...systemArguments(guest),
    ...(guest.kernelArguments ?? []),
  ]
}

function numaArguments({ numaNodes = 1, memoryMib, cpus }: Guest): readonly string[] {
  if (numaNodes < 2) return []
  return Array.from({ length: numaNodes }, (_, node) => {
    const share = Math.floor(memoryMib / numaNodes)
    const perNode = Math.max(1, Math.floor(cpus / numaNodes))
    const range = `${node * perNode}-${(node + 1) * perNode - 1}`
    return [
      '-object',
      `memory-backend-ram,id=node${node},size=${share}M`,
      '-numa',
      `node,nodeid=${node},memdev=node${node},cpus=${range}`,
    ]
  }).flat()
}

function diskArguments({ disk }: Guest): readonly string[] {
  if (disk === undefined) return []
  const source =
    'image' in disk
      ? `driver=raw,file.driver=file,file.filename=${disk.image}`
      : `driver=raw,file.driver=nbd,file.server.type=unix,file.server.path=${disk.nbdSocket}`
  return [
    '-blockdev',
    `node-name=disk,cache.direct=off,${source}`,
    '-device',
    'virtio-blk-pci,drive=disk',
  ]
}

/** A comma within a value is doubled (qemu(1), "Block device options"). */
function escapeValue(path: string): string {
  return path.replaceAll(',', ',,')
}

/** Writes go to a file of the emulator's own that nobody else sees: the image stays as it is. */
function rootArguments(image: string | null): readonly string[] {
  if (image === null) return []
  return [
    '-drive',
    `if=none,id=root,format=raw,snapshot=on,cache=unsafe,file=${escapeValue(image)}`,
    '-device',
    'virtio-blk-pci,drive=root',
  ]
}

/** What the machine boots from, made by `makeRoot`. */
export interface BootFiles {
  readonly initramfs: string
  readonly rootImage: string | null
}

/** Arguments of qemu-system-x86_64. A guest has no network and no display. */
export function qemuArguments(
  guest: Guest,
  { initramfs, rootImage }: BootFiles,
  fds: PortFds,
  accelerator: Accelerator,
): readonly string[] {
  const ports = [fds.talk, fds.console, fds.events, fds.secondConsole]
  return [
    '-nodefaults',
    '-no-user-config',
    '-no-reboot',
    '-display',
    'none',
    ...(accelerator === 'kvm'
      ? ['-accel', 'kvm', '-cpu', 'host']
      : ['-accel', 'tcg,thread=multi', '-cpu', 'max']),
    '-smp',
    String(guest.cpus),
    '-m',
    String(guest.memoryMib),
    ...numaArguments(guest),
    ...diskArguments(guest),
    ...rootArguments(rootImage),
    ...ports.flatMap((fd, index) =>
      fd === null
        ? ['-serial', 'null']
        : ['-chardev', `socket,id=port${index},fd=${fd}`, '-serial', `chardev:port${index}`],
    ),
    '-kernel',
    guest.kernel.vmlinuz,
    '-initrd',
    initramfs,
    '-append',
    kernelArguments(guest).join(' '),
  ]
}
