/** @module Makes a directory with its parents. */
import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Not mkdir's own `recursive`: where a directory answers ENOENT to its making, as /proc does, that
 * tries for ever (Node 24).
 * @returns whether it was not there
 */
export function makeDirectory(path: string, mode: number): boolean {
  if (existsSync(path)) return false
  const parent = dirname(path)
  if (parent !== path) makeDirectory(parent, mode)
  mkdirSync(path, { mode })
  return true
}
