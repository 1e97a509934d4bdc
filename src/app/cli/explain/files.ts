/** @module Which logs are meant, and in which order: those of a directory as they were written. */
import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** `syslog.2.gz`: what logrotate leaves, by number (larger is older) or by date (larger is newer). */
const NUMBERED = /^(.*?)\.(\d{1,4})(?:\.(?:gz|xz|zst))?$/
const DATED = /^(.*?)[-.](\d{8}(?:-?\d{2,10})?)(?:\.(?:gz|xz|zst))?$/
const CURRENT = Number.POSITIVE_INFINITY

interface Rotated {
  readonly base: string
  /** Smaller is older. */
  readonly age: number
}

function rotationOf(name: string): Rotated {
  const dated = DATED.exec(name)
  if (dated !== null) {
    return { base: dated[1] as string, age: Number((dated[2] as string).replace('-', '')) }
  }
  const numbered = NUMBERED.exec(name)
  if (numbered !== null) return { base: numbered[1] as string, age: -Number(numbered[2]) }
  return { base: name, age: CURRENT }
}

/** Names by what they are logs of, each log's parts oldest first. */
export function byAge(names: readonly string[]): readonly string[] {
  return names
    .map((name) => ({ name, ...rotationOf(name) }))
    .sort((a, b) => {
      if (a.base !== b.base) return a.base < b.base ? -1 : 1
      return a.age === b.age ? (a.name < b.name ? -1 : 1) : a.age < b.age ? -1 : 1
    })
    .map(({ name }) => name)
}

/** Deeper, and more, than any directory of logs has. */
const MAX_DEPTH = 8
const MAX_FILES = 10_000
/** journald's own files (systemd's journal-file.h), also those that were not closed. */
const JOURNAL = /\.journal~?$/

/** Logs of the paths that were named, and what of them is not read. */
export interface FoundLogs {
  readonly files: readonly string[]
  readonly leftOut: readonly LeftOut[]
}

export interface LeftOut {
  readonly path: string
  /** `journals`: `--journal` reads them. */
  readonly why: 'journals' | 'too many' | 'too deep' | 'unreadable'
}

/**
 * A directory is its files and those of the directories below it, each once, whatever links lead there. What is named itself and cannot be looked
 * at stays as it is: opening it says why.
 */
export function findLogs(named: readonly string[]): FoundLogs {
  const files: string[] = []
  const leftOut = new Map<string, LeftOut['why']>()
  const seen = new Set<string>()
  const look = (path: string, depth: number): void => {
    // A link to nowhere, or in a circle, is no log.
    const stat = orUndefined(() => statSync(path, { bigint: true }))
    const id = stat && `${stat.dev}:${stat.ino}`
    if (id === undefined || seen.has(id)) return
    seen.add(id)
    if (JOURNAL.test(path)) leftOut.set(dirname(path), 'journals')
    else if (files.length >= MAX_FILES) leftOut.set(dirname(path), 'too many')
    else if (stat?.isFile() === true) files.push(path)
    else if (stat?.isDirectory() !== true) return
    else if (depth === MAX_DEPTH) leftOut.set(path, 'too deep')
    else enter(path, depth)
  }
  const enter = (directory: string, depth: number): void => {
    const names = orUndefined(() => readdirSync(directory))
    if (names === undefined) leftOut.set(directory, 'unreadable')
    for (const name of byAge(names ?? [])) look(join(directory, name), depth + 1)
  }
  for (const path of named) {
    if (path !== '-' && orUndefined(() => statSync(path))?.isDirectory() === true) look(path, 0)
    else files.push(path)
  }
  return { files, leftOut: [...leftOut].map(([path, why]) => ({ path, why })) }
}

/** What the file system refuses is `undefined`. */
function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}
