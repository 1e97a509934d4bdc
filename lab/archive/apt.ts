/**
 * @module An apt of the lab's own for each suite: its lists, its sources and its notion of what is
 * installed (nothing) are in the cache, so that it needs no root and leaves the host's alone.
 * What the host's apt.conf says of proxies still holds.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PlimsollError } from '../../src/base/errors.ts'
import { type DebianPackage, parseDepends, parseUris } from './apt-output.ts'
import { findMirrors, formatSources, type Suite } from './apt-sources.ts'
import { runTool } from './run-tool.ts'
import { requireTool } from './tools.ts'

/**
 * Read after the host's own (-c of apt.conf(5)), whose hooks would touch the host's caches and
 * which may trust what is not signed. A suite past its support keeps its last signed lists, whose date of expiry is over.
 */
const CONFIGURATION = `#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear APT::Default-Release;
APT::Architecture "amd64";
APT::Architectures { "amd64"; };
APT::Get::AllowUnauthenticated "false";
APT::Install-Recommends "false";
APT::Install-Suggests "false";
APT::Sandbox::User "root";
APT::Update::Error-Mode "any";
Acquire::AllowInsecureRepositories "false";
Acquire::Check-Valid-Until "false";
Acquire::Languages "none";
Acquire::Retries "2";
Acquire::http::Timeout "20";
Acquire::https::Timeout "20";
Dir::Cache::pkgcache "pkgcache.bin";
Dir::Cache::srcpkgcache "";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::sourceparts "/dev/null";
`

const LISTS_LIVE_MS = 24 * 3600 * 1000

export interface Apt {
  readonly suite: Suite
  /** The text of its sources.list. */
  readonly sources: string
  /** Its state and cache. */
  readonly folder: string
  /** Options of every apt command. */
  readonly options: readonly string[]
}

function readTexts(folder: string, pattern: RegExp): { name: string; text: string }[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
}

function hostSources(): { name: string; text: string }[] {
  return [
    ...readTexts('/etc/apt', /^sources\.list$/),
    ...readTexts('/etc/apt/sources.list.d', /\.(?:list|sources)$/),
  ]
}

/** Debian's archive keys: one file with all of them, else one a release, as old apt has them. */
function archiveKeys(): string[] {
  for (const name of ['debian-archive-keyring.gpg', 'debian-archive-keyring.pgp']) {
    const file = join('/usr/share/keyrings', name)
    if (existsSync(file)) return [file]
  }
  const folder = '/etc/apt/trusted.gpg.d'
  const names = existsSync(folder) ? readdirSync(folder) : []
  const keys = names.filter((name) => /^debian-archive-.*\.(?:asc|gpg)$/.test(name))
  if (keys.length > 0) return keys.map((name) => join(folder, name))
  throw new PlimsollError('PLM_LAB_TOOL', "expected the keys of Debian's archive, found none", {
    hint: 'Install them: `apt-get install debian-archive-keyring`.',
  })
}

/**
 * Writes the files of a suite's own apt into `folder`; call under the folder's lock.
 * @throws PLM_LAB_TOOL where the keys of Debian's archive are missing
 */
export function prepareApt(suite: Suite, folder: string): Apt {
  const cache = join(folder, 'cache')
  const state = join(folder, 'state')
  mkdirSync(join(cache, 'archives', 'partial'), { recursive: true })
  mkdirSync(join(state, 'lists', 'partial'), { recursive: true })
  const sources = formatSources(suite, findMirrors(hostSources()), archiveKeys())
  const configuration = join(folder, 'apt.conf')
  writeFileSync(configuration, CONFIGURATION)
  writeFileSync(join(folder, 'sources.list'), sources)
  // Nothing is installed: whatever a package depends on is a part of the answer.
  writeFileSync(join(state, 'status'), '')
  // Paths are arguments, since apt.conf has no way to quote every character.
  const places = {
    'Dir::Cache': cache,
    'Dir::Cache::archives': join(cache, 'archives'),
    'Dir::Etc::sourcelist': join(folder, 'sources.list'),
    'Dir::State': state,
    'Dir::State::lists': join(state, 'lists'),
    'Dir::State::status': join(state, 'status'),
  }
  const options = Object.entries(places).flatMap(([key, value]) => ['-o', `${key}=${value}`])
  return { suite, sources, folder, options: ['-q', '-c', configuration, ...options] }
}

function archiveError({ suite, sources }: Apt, what: string, reason: string): PlimsollError {
  const urls = [...new Set(sources.match(/\S+:\/\S+/g))].join(', ')
  return new PlimsollError(
    'PLM_LAB_ARCHIVE',
    `could not ${what} of Debian ${suite} (${urls}): ${reason}`,
  )
}

/**
 * Asks for the lists at most once a day, and again where `isForced`. A failure leaves the lists of
 * before in use until the next day; what they name and the archive has no longer, forces.
 * @throws PLM_LAB_ARCHIVE where there are no lists to go on with
 */
export async function refreshLists(
  apt: Apt,
  { isForced = false, signal }: { isForced?: boolean; signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const stamp = join(apt.folder, 'updated')
  // Lists of another mirror are none.
  const isUsable = existsSync(stamp) && readFileSync(stamp, 'utf8') === apt.sources
  if (isUsable && !isForced && Date.now() - statSync(stamp).mtimeMs < LISTS_LIVE_MS) return
  const update = await runTool(requireTool('apt-get'), [...apt.options, 'update'], { signal })
  if (!update.ok && !isUsable) throw archiveError(apt, 'fetch the lists', update.reason)
  writeFileSync(stamp, apt.sources)
}

/**
 * The packages and versions that apt would fetch now.
 * @param withDependencies with all that they depend on, nothing taken as installed
 * @throws PLM_LAB_ARCHIVE where a package is unknown
 */
export async function resolvePackages(
  apt: Apt,
  names: readonly string[],
  { withDependencies, signal }: { withDependencies: boolean; signal: AbortSignal | undefined },
): Promise<readonly DebianPackage[]> {
  const action = withDependencies ? ['--yes', 'install'] : ['download']
  const args = [...apt.options, '--print-uris', ...action, '--', ...names]
  const listing = await runTool(requireTool('apt-get'), args, { signal })
  const what = `find ${names.join(', ')}`
  if (!listing.ok) throw archiveError(apt, what, listing.reason)
  const packages = parseUris(listing.stdout.toString())
  if (packages.length === 0) throw archiveError(apt, what, 'apt-get named no package')
  return packages
}

/**
 * Names of the packages that a package depends on.
 * @throws PLM_LAB_ARCHIVE where it is unknown
 */
export async function listDependencies(
  apt: Apt,
  name: string,
  signal: AbortSignal | undefined,
): Promise<readonly string[]> {
  const args = [...apt.options, 'depends', '--', name]
  const listing = await runTool(requireTool('apt-cache'), args, { signal })
  if (!listing.ok) throw archiveError(apt, `find ${name}`, listing.reason)
  return parseDepends(listing.stdout.toString())
}

/**
 * Fetches packages into `folder`, their hashes checked against the signed lists.
 * @throws PLM_LAB_ARCHIVE where one cannot be fetched
 */
export async function downloadPackages(
  apt: Apt,
  packages: readonly DebianPackage[],
  { folder, signal }: { folder: string; signal: AbortSignal | undefined },
): Promise<void> {
  const exact = packages.map(({ name, version }) => `${name}=${version}`)
  const args = [...apt.options, 'download', '--', ...exact]
  const download = await runTool(requireTool('apt-get'), args, { signal, cwd: folder })
  if (!download.ok) throw archiveError(apt, `fetch ${exact.join(', ')}`, download.reason)
}
