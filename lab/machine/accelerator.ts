/**
 * @module Whether guests run on this host's processors (KVM) or on emulated ones (TCG, about ten times
 * slower). A /dev/kvm says little: where it is itself in a virtual machine a kernel may hang in it.
 */
import { execFile } from 'node:child_process'
import { accessSync, constants, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheKey, labCache } from '../archive/cache.ts'
import type { Kernel } from '../archive/kernels.ts'
import { requireTool } from '../archive/tools.ts'
import { launchCommand } from './launch.ts'

export type Accelerator = 'kvm' | 'tcg'

/** A real KVM takes a second. */
const PROBE_MS = 8000
const PROBE = '-nodefaults -no-user-config -no-reboot -display none -accel kvm -cpu host -m 128'

function mayUseKvm(): boolean {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}

function readKept(file: string): Accelerator | null {
  try {
    const text = readFileSync(file, 'utf8')
    return text === 'kvm' || text === 'tcg' ? text : null
  } catch {
    return null
  }
}

/** A kernel without a root panics, and ends the emulator with 0; all else is a failure. */
async function probe(kernel: Kernel): Promise<Accelerator> {
  const args = [...PROBE.split(' '), '-kernel', kernel.vmlinuz, '-append', 'panic=-1 console=']
  const [program, words] = launchCommand(requireTool('qemu-system-x86_64'), args)
  return await new Promise((resolve) => {
    execFile(program, words, { timeout: PROBE_MS, killSignal: 'SIGKILL' }, (error) =>
      resolve(error === null ? 'kvm' : 'tcg'),
    )
  })
}

/** KVM where this kernel boots with it; tried once in each boot of this host, for 8 s at most. */
export async function findAccelerator(kernel: Kernel): Promise<Accelerator> {
  if (!mayUseKvm()) return 'tcg'
  const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')
  const folder = join(labCache(), 'accelerator')
  const file = join(folder, cacheKey([bootId, requireTool('qemu-system-x86_64'), kernel.vmlinuz]))
  const kept = readKept(file)
  if (kept !== null) return kept
  const found = await probe(kernel)
  mkdirSync(folder, { recursive: true })
  writeFileSync(`${file}.${process.pid}`, found)
  renameSync(`${file}.${process.pid}`, file)
  return found
}
