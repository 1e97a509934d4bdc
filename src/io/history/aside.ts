/** @module Moves a file that cannot be used aside, within the room that the history may take. */
import { readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** What is kept aside takes at most this share of the history's room. */
const ASIDE_SHARE = 0.25

function listAside(path: string): string[] {
  const prefix = `${basename(path)}.unused-`
  return readdirSync(dirname(path))
    .filter((name) => name.startsWith(prefix))
    .sort()
    .map((name) => join(dirname(path), name))
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/** Bytes that files moved aside take. */
export function asideBytes(path: string): number {
  return listAside(path).reduce((sum, aside) => sum + sizeOf(aside), 0)
}

/** Gives what became of the file, to be said: `was moved to ...`. */
export function moveAside(path: string, wallMs: number, maxBytes: number): string {
  for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true })
  // The newest alone tells what went wrong last.
  for (const older of listAside(path)) rmSync(older)
  if (sizeOf(path) > maxBytes * ASIDE_SHARE) {
    rmSync(path)
    return 'was too large to be kept and was removed'
  }
  const aside = `${path}.unused-${new Date(wallMs).toISOString().replaceAll(/[:.]/g, '-')}`
  renameSync(path, aside)
  return `was moved to ${aside}`
}
