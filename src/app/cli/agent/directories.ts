/** @module The directories that the agent uses, and who else may enter them. */
import { existsSync, realpathSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { messageOf, PlimsollError } from '../../../base/errors.ts'
import type { Config } from '../../../io/config/table.ts'
import { claimDirectory } from '../../../io/guard/own-directory.ts'
import { readGroup, readUser } from '../../../linux/accounts.ts'
import type { Places } from './places.ts'

/** The bundles stand beside the one that runs. */
export function programDirectory(): string {
  const directory = dirname(realpathSync(process.argv[1] ?? '.'))
  if (existsSync(join(directory, 'guard.cjs'))) return directory
  throw new PlimsollError('PLM_USAGE', `there is no guard.cjs in ${directory}`, {
    hint: '`npm run build` makes it; then run bin/plimsoll.',
  })
}

/**
 * Only root can become another user, and must.
 * @throws PlimsollError PLM_CONFIG: the host has no such user
 */
export function checkWebUser({ web: { user } }: Config, uid: number): void {
  if (uid !== 0) return
  const found = readUser(user)
  if (found !== undefined && found.uid !== 0) return
  const got = found === undefined ? 'there is none of that name' : 'that is root'
  const message = `[web] user: expected an unprivileged user of /etc/passwd, got "${user}": ${got}`
  throw new PlimsollError('PLM_CONFIG', message)
}

/**
 * Who asks for the console guard does not want to find in an OOM that it never could.
 * @throws PlimsollError PLM_PERMISSION
 */
export function checkConsoleGuard({ console: { guard } }: Config, uid: number): void {
  if (!guard || uid === 0) return
  throw new PlimsollError('PLM_PERMISSION', 'the console guard needs root: it sets kernel.printk', {
    hint: 'Run it as root, or without --console-guard and [console] guard.',
  })
}

/** Group that the guard's socket is given to, since root's web process runs as another user. */
export function webGroup(config: Config, uid: number): number | null {
  if (uid !== 0) return null
  return readGroup('plimsoll') ?? readUser(config.web.user)?.gid ?? null
}

/** Whether members of a group may pass through, as the web process must once it gave root up. */
function mayPass(directory: string, gid: number): boolean {
  const stat = statSync(directory)
  return (stat.mode & 0o001) !== 0 || (stat.gid === gid && (stat.mode & 0o010) !== 0)
}

function findFault(directory: string, mode: number, gid: number | null): string | undefined {
  try {
    const fault = claimDirectory(directory, { mode, gid })
    if (fault !== undefined || gid === null || mayPass(directory, gid)) return fault
    return `the web process, group ${gid}, may not pass through it`
  } catch (error) {
    return messageOf(error)
  }
}

function claim(directory: string, key: string, mode: number, gid: number | null): void {
  const fault = findFault(directory, mode, gid)
  if (fault === undefined) return
  throw new PlimsollError('PLM_PERMISSION', `cannot use the directory ${directory}: ${fault}`, {
    hint: `Set [agent] ${key} to a directory of your own.`,
  })
}

/**
 * Makes both directories where they are missing. Root's state may be passed through, since the history
 * within belongs to the web process; its runtime directory is for that process' group alone.
 * @throws PlimsollError PLM_PERMISSION
 */
export function claimDirectories(places: Places, uid: number, webGid: number | null): void {
  claim(places.stateDir, 'state_dir', uid === 0 ? 0o755 : 0o700, null)
  claim(places.runtimeDir, 'runtime_dir', webGid === null ? 0o700 : 0o750, webGid)
}
