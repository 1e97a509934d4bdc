/** @module Which logs are meant, and in which order: those of a directory as they were written. */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

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

/** A directory is its files. What cannot be looked at stays as it is: opening it says why. */
export function filesOf(path: string): readonly string[] {
  if (path === '-') return [path]
  try {
    if (!statSync(path).isDirectory()) return [path]
    const names = readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
    return byAge(names).map((name) => join(path, name))
  } catch {
    return [path]
  }
}
