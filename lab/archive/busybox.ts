/** @module A busybox that needs no libraries: the whole user space of a small guest. */
import { join } from 'node:path'
import { isStaticElf } from './elf.ts'
import { unpackPackages } from './packages.ts'
import { readHead } from './read-head.ts'
import { findProgram } from './tools.ts'

/** The header and the program headers, which linkers put right after it. */
const HEAD_BYTES = 4096

/**
 * The path of a static busybox for x86-64: the host's where it is such, else Debian's.
 * @throws as `unpackPackages`
 */
export async function findBusybox(signal?: AbortSignal): Promise<string> {
  const installed = findProgram('busybox')
  if (installed !== null && isStaticElf(readHead(installed, HEAD_BYTES))) return installed
  const root = await unpackPackages('bookworm', ['busybox-static'], { signal })
  return join(root, 'bin', 'busybox')
}
