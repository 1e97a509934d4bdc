/** @module Files of Debian packages in a cached folder, without root and without installing. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { PlimsollError } from '../../src/base/errors.ts'
import {
  type Apt,
  downloadPackages,
  listDependencies,
  prepareApt,
  refreshLists,
  resolvePackages,
} from './apt.ts'
import type { DebianPackage } from './apt-output.ts'
import type { Suite } from './apt-sources.ts'
import { cacheKey, labCache, makePrivate, withLock } from './cache.ts'
import { unpackDeb } from './unpack-deb.ts'

export type { Suite } from './apt-sources.ts'

export interface UnpackOptions {
  /** With all that they depend on (Depends and Pre-Depends), as on an empty system. */
  readonly withDependencies?: boolean
  readonly signal?: AbortSignal | undefined
}

/** Debian since bookworm has these at the root: the same for every suite makes one layout. */
const MERGED_FOLDERS = ['bin', 'lib', 'lib64', 'sbin']

function makeMergedRoot(root: string): void {
  for (const name of MERGED_FOLDERS) {
    mkdirSync(join(root, 'usr', name), { recursive: true })
    symlinkSync(join('usr', name), join(root, name))
  }
}

/**
 * The cached folder's name: the first package for people, a key of all versions for the rest.
 * `layout` counts up when the same packages are laid out in another way.
 */
export function folderName(packages: readonly DebianPackage[], firstName: string): string {
  const layout = 'layout 1'
  const exact = packages.map(({ name, version }) => `${name}=${version}`).sort()
  return `${firstName}-${cacheKey([layout, ...exact])}`
}

/** Runs `work` with the suite's apt, its lists no older than a day, no other process beside. */
async function withApt<Value>(
  suite: Suite,
  work: (apt: Apt, suiteFolder: string) => Promise<Value>,
  signal: AbortSignal | undefined,
): Promise<Value> {
  const cache = labCache()
  makePrivate(cache)
  const suiteFolder = join(cache, suite)
  return await withLock(
    join(suiteFolder, 'lock'),
    async () => {
      const apt = prepareApt(suite, join(suiteFolder, 'apt'))
      await refreshLists(apt, { signal })
      return await work(apt, suiteFolder)
    },
    signal,
  )
}

/** Builds beside its place and moves the whole: who finds the folder finds all of it. */
async function buildFolder(
  apt: Apt,
  packages: readonly DebianPackage[],
  { folder, signal }: { folder: string; signal: AbortSignal | undefined },
): Promise<void> {
  const part = `${folder}.part`
  // Of a process that was killed: the lock says that no one else is at it.
  rmSync(part, { recursive: true, force: true })
  const debs = join(part, 'debs')
  const root = join(part, 'root')
  mkdirSync(debs, { recursive: true })
  try {
    await downloadPackages(apt, packages, { folder: debs, signal })
    makeMergedRoot(root)
    for (const name of readdirSync(debs)) await unpackDeb(join(debs, name), root, signal)
    renameSync(root, folder)
  } finally {
    // Retried, since helpers of an apt-get that was ended may write their last.
    rmSync(part, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
  }
}

/**
 * The files of Debian packages: a folder with `usr`, `etc` and so on, of this version of each, in
 * the cache from then on; /bin, /lib, /lib64 and /sbin are links into /usr in every suite. Owned
 * by the user who calls, scripts of the packages not run. Not to be changed by who gets it.
 * Once fetched it is there without the network.
 * @throws PLM_LAB_ARCHIVE where the archive has no such package or cannot be reached,
 *   PLM_LAB_TOOL where a program of the host is missing
 */
export async function unpackPackages(
  suite: Suite,
  names: readonly [string, ...string[]],
  { withDependencies = false, signal }: UnpackOptions = {},
): Promise<string> {
  return await withApt(
    suite,
    async (apt, suiteFolder) => {
      const resolve = async (): Promise<{ packages: readonly DebianPackage[]; folder: string }> => {
        const packages = await resolvePackages(apt, names, { withDependencies, signal })
        return { packages, folder: join(suiteFolder, folderName(packages, names[0])) }
      }
      const { packages, folder } = await resolve()
      if (existsSync(folder)) return folder
      try {
        await buildFolder(apt, packages, { folder, signal })
        return folder
      } catch (error) {
        if (!(error instanceof PlimsollError) || error.code !== 'PLM_LAB_ARCHIVE') throw error
        // A list of this morning may name what a security update has replaced since.
        await refreshLists(apt, { isForced: true, signal })
        const again = await resolve()
        if (again.folder === folder) throw error
        await buildFolder(apt, again.packages, { folder: again.folder, signal })
        return again.folder
      }
    },
    signal,
  )
}

/**
 * Names of the packages that one depends on: what a meta package stands for.
 * @throws as `unpackPackages`
 */
export async function dependenciesOf(
  suite: Suite,
  name: string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  return await withApt(suite, (apt) => listDependencies(apt, name, signal), signal)
}
