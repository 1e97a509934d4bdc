/** @module Says at once all that a guest needs and this host lacks. */
import { type MissingTool, missingTools } from '../../../../../lab/archive/tools.ts'
import { PlimsollError } from '../../../../base/errors.ts'

const ALWAYS: readonly MissingTool['tool'][] = ['qemu-system-x86_64', 'gcc', 'libc.a', 'flock']
const FOR_DEBIAN: readonly MissingTool['tool'][] = ['apt-get', 'apt-cache', 'dpkg-deb', 'tar']

/** @throws PLM_LAB_TOOL with the command that installs what is missing */
export function requireTools(isOwnKernel: boolean, path?: string): void {
  const needed = [...ALWAYS, ...(isOwnKernel ? [] : FOR_DEBIAN)]
  const missing = missingTools(path).filter(({ tool }) => needed.includes(tool))
  if (missing.length === 0) return
  const list = missing.map(({ tool, why }) => `${tool} (${why})`).join(', ')
  const packages = [...new Set(missing.map(({ debianPackage }) => debianPackage))].join(' ')
  throw new PlimsollError('PLM_LAB_TOOL', `not found here: ${list}`, {
    hint: `Install it: \`apt-get install ${packages}\`.`,
  })
}
