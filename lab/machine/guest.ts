/** @module What a guest is: an emulated machine with a real kernel that may die. Plain data. */
import type { Kernel } from '../archive/kernels.ts'

/** A serial line that the kernel prints on, drained as slowly as a real one would be. */
export interface SerialConsole {
  /** Bits a second; a character takes ten of them (8N1). */
  readonly baud: number
}

/** A file that the guest finds in its root. */
export interface GuestFile {
  /** Below the root, without a leading slash. */
  readonly path: string
  /** Where it comes from on this host, or what it says. */
  readonly from: { readonly file: string } | { readonly text: string }
  readonly isExecutable?: boolean
}

/**
 * Where the guest's files are. `initramfs`: in memory, which never gives them back. `ext4`: on a
 * disk of their own, so that the kernel can drop what it has read of them (and read it again and
 * again); what the guest writes there is thrown away with it.
 */
export type GuestRoot = 'initramfs' | 'ext4' | SystemRoot

/** A whole system on ext4, whose own first process (systemd) starts the script as a service. */
export interface SystemRoot {
  /** Folder of this host with the system's files, as `findSystem` has it. */
  readonly system: string
}

export interface Guest {
  readonly kernel: Kernel
  /** `initramfs` where it is not said. */
  readonly root?: GuestRoot
  readonly memoryMib: number
  readonly cpus: number
  /** Splits memory and processors evenly over so many NUMA nodes. */
  readonly numaNodes?: number
  /**
   * At most two: `ttyS1`, and `ttyS3`. Of two serial lines the kernel prints on the last that is named alone:
   * one console for each driver (Documentation/admin-guide/serial-console.rst).
   */
  readonly consoles: readonly SerialConsole[]
  /** What else stands on the kernel's command line. */
  readonly kernelArguments?: readonly string[]
  /** Modules to load before the script runs, with what they need. */
  readonly modules?: readonly string[]
  readonly files?: readonly GuestFile[]
  /** Programs of lab/guest that the script calls, beside those that every guest has. */
  readonly programs?: readonly string[]
  /** Written by the guest's first process before the script runs, in this order. */
  readonly sysctls?: Readonly<Record<string, string>>
  readonly cgroups?: 'v1' | 'v2' | 'none'
  /** MiB of compressed swap in RAM (zram), 0 for none. */
  readonly zramMib?: number
  /** Image that becomes `/dev/vda`, opened raw. A root on a disk comes after it. */
  readonly disk?: { readonly image: string } | { readonly nbdSocket: string }
  /**
   * Lines of busybox `sh` that play the scene; `tell NAME [JSON MEMBERS]` says an event. The guest ends when they
   * have run.
   */
  readonly script: readonly string[]
}
