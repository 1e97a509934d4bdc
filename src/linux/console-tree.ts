/**
 * @module Small files below a root, which is `/` or a saved tree. Symbolic links of a saved tree are followed
 * inside it: an absolute one begins at its root, and `..` does not leave it.
 */
import { lstatSync, readdirSync, readlinkSync, statSync } from 'node:fs'
import { DENIED, GONE, readWhole, toCode } from './files.ts'

/** As many as the kernel follows (MAXSYMLINKS). */
const MAX_LINKS = 40

export type TreeText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: 'gone' | 'denied' | 'failed' }

export interface Tree {
  /** Text of a file, blanks at its end cut. */
  read(path: string, maxBytes?: number): TreeText
  /** Where a path lies on this machine, to be read there; `null`: nowhere, or it is no file. */
  place(path: string): string | null
  /** Whether anything is there; `null`: this user may not know. */
  has(path: string): boolean | null
  /** Names in a directory; `null`: this user may not list it. */
  list(path: string): readonly string[] | null
}

function linkAt(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null
  } catch {
    return null
  }
}

/** Where a path of the tree lies on this machine; `null` where its links go round in circles. */
export function resolveInside(root: string, path: string): string | null {
  const left = path.split('/')
  const done: string[] = []
  let links = 0
  while (left.length > 0) {
    const name = left.shift() as string
    if (name === '' || name === '.') continue
    if (name === '..') {
      done.pop()
      continue
    }
    const target = linkAt([root, ...done, name].join('/'))
    if (target === null) {
      done.push(name)
      continue
    }
    if (++links > MAX_LINKS) return null
    if (target.startsWith('/')) done.length = 0
    left.unshift(...target.split('/'))
  }
  return [root, ...done].join('/')
}

const WHY = { [GONE]: 'gone', [DENIED]: 'denied' } as const

/** What is longer is cut, but for those files that are known to be. */
const USUAL_BYTES = 64 * 1024
/** /proc/zoneinfo of a host with hundreds of CPUs, in one read; a sysctl refuses so large a one (ENOMEM). */
export const LONG_BYTES = 4 * 1024 * 1024

/** A saved tree may hold anything: opening a FIFO would wait for ever. */
function isFile(path: string): boolean {
  try {
    return statSync(path).isFile()
  } catch {
    return true
  }
}

/** @param root `/` for the live host, else a directory that holds a saved tree */
export function openTree(root: string): Tree {
  const buffer = new Uint8Array(LONG_BYTES)
  const text = new TextDecoder()
  const isLive = root === '/'
  const inside = (path: string): string | null => (isLive ? path : resolveInside(root, path))

  function place(path: string): string | null {
    const at = inside(path)
    return isLive || at === null || isFile(at) ? at : null
  }

  return {
    place,
    read(path, maxBytes = USUAL_BYTES) {
      const at = place(path)
      const length = at === null ? GONE : readWhole(at, buffer.subarray(0, maxBytes))
      if (length < 0) return { ok: false, why: WHY[length as keyof typeof WHY] ?? 'failed' }
      return { ok: true, text: text.decode(buffer.subarray(0, length)).trimEnd() }
    },
    has(path) {
      const at = inside(path)
      try {
        if (at !== null) lstatSync(at)
        return at !== null
      } catch (error) {
        return toCode(error) === DENIED ? null : false
      }
    },
    list(path) {
      const at = inside(path)
      try {
        return at === null ? [] : readdirSync(at).sort()
      } catch (error) {
        return toCode(error) === DENIED ? null : []
      }
    },
  }
}
