/** @module Finds and reads the configuration: one file, or none. */
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, PlimsollError } from '../../base/errors.ts'
import type { ConfigText, Override } from './parse.ts'
import { parseConfig } from './parse.ts'
import type { Config } from './table.ts'

/** Who runs the program, and where. */
export interface Owner {
  readonly uid: number
  readonly env: Readonly<Record<string, string | undefined>>
}

const MAX_FILE_BYTES = 1024 * 1024

/**
 * Where a configuration is looked for when none is named: root's stands in /etc, anybody else's in
 * their own directory, since the system's names ports and directories that are not theirs.
 * @returns `undefined`: this user has no directory of their own
 */
export function defaultConfigFile({ uid, env }: Owner): string | undefined {
  if (uid === 0) return '/etc/plimsoll/plimsoll.toml'
  const { XDG_CONFIG_HOME: config, HOME: home } = env
  if (config?.startsWith('/')) return join(config, 'plimsoll/plimsoll.toml')
  return home?.startsWith('/') ? join(home, '.config/plimsoll/plimsoll.toml') : undefined
}

function readText(path: string): string {
  // By descriptor, so that what is measured is what is read; a device or a pipe has no size, and a
  // pipe that nobody writes to would be waited for without end.
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) throw new Error('it is no regular file')
    if (stat.size > MAX_FILE_BYTES) throw new Error(`it is larger than ${MAX_FILE_BYTES} bytes`)
    return readFileSync(fd, 'utf8')
  } finally {
    closeSync(fd)
  }
}

function readGiven(file: string, isNamed: boolean): ConfigText | null {
  try {
    return { file, text: readText(file) }
  } catch (error) {
    if (!isNamed && (error as NodeJS.ErrnoException).code === 'ENOENT') return null
    const why = messageOf(error)
    throw new PlimsollError('PLM_CONFIG', `the configuration ${file} cannot be read: ${why}`)
  }
}

export interface ReadConfig {
  readonly config: Config
  /** `null`: there is none, everything has its default. */
  readonly file: string | null
}

/**
 * The configuration of `named`, or of the default place if there is one.
 * @throws PlimsollError PLM_CONFIG with every fault as a line
 */
export function readConfig(
  named: string | undefined,
  owner: Owner,
  overrides: readonly Override[] = [],
): ReadConfig {
  const path = named ?? defaultConfigFile(owner)
  const given = path === undefined ? null : readGiven(path, named !== undefined)
  const parsed = parseConfig(given, overrides)
  if (parsed.ok) return { config: parsed.value, file: given?.file ?? null }
  const count = parsed.error.length === 1 ? 'one fault' : `${parsed.error.length} faults`
  throw new PlimsollError(
    'PLM_CONFIG',
    `${count} in the configuration, nothing was started\n${parsed.error.join('\n')}`,
  )
}
