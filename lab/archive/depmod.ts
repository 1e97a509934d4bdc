/**
 * @module Writes modules.dep for a Debian kernel that was unpacked: its package leaves that to a
 * script that runs where it is installed.
 */
import { join } from 'node:path'
import { PlimsollError } from '../../src/base/errors.ts'
import { unpackPackages } from './packages.ts'
import { runTool } from './run-tool.ts'
import { findProgram } from './tools.ts'

/** depmod of the host, else Debian's, run by the loader and the libraries that came with it. */
async function depmodCommand(
  signal: AbortSignal | undefined,
): Promise<readonly [string, ...string[]]> {
  const installed = findProgram('depmod')
  if (installed !== null) return [installed]
  const root = await unpackPackages('bookworm', ['kmod'], { withDependencies: true, signal })
  const libraries = join(root, 'usr/lib/x86_64-linux-gnu')
  const loader = join(libraries, 'ld-linux-x86-64.so.2')
  // kmod is depmod when it is called so.
  return [loader, '--library-path', libraries, '--argv0', 'depmod', join(root, 'usr/bin/kmod')]
}

/**
 * Writes modules.dep and its like into `root`/lib/modules/`release`. Each file is moved into its
 * place whole, so that two at once do no harm.
 * @throws PLM_LAB_KERNEL where depmod fails, and as `unpackPackages`
 */
export async function writeModulesDep(
  root: string,
  release: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const [program, ...args] = await depmodCommand(signal)
  const result = await runTool(program, [...args, '-b', root, release], { signal })
  if (result.ok) return
  throw new PlimsollError('PLM_LAB_KERNEL', `depmod failed for ${release}: ${result.reason}`)
}
