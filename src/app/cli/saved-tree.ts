/** @module The directory that `--root` names: this host's own, or a tree that `plimsoll doctor --save-tree` wrote. */
import { statSync } from 'node:fs'
import { join } from 'node:path'
import { PlimsollError } from '../../base/errors.ts'

/**
 * @param root `undefined`: this host
 * @throws PLM_USAGE where it is missing or no directory, PLM_PROC where no host was saved there
 */
export function rootOf(root: string | undefined): string {
  if (root === undefined) return '/'
  const found = statSync(root, { throwIfNoEntry: false })
  if (found === undefined) throw new PlimsollError('PLM_USAGE', `--root: there is no ${root}`)
  if (!found.isDirectory()) {
    throw new PlimsollError('PLM_USAGE', `--root: expected a directory, got ${root}`)
  }
  if (statSync(join(root, 'proc'), { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new PlimsollError('PLM_PROC', `--root: no saved tree: no proc/ in ${root}`, {
      hint: '`plimsoll doctor --save-tree DIR` writes one on the host that is to be read.',
    })
  }
  return root
}
