/**
 * @module Writes a cpio archive in the format that the kernel unpacks as its first root file system
 * ("newc", Documentation/driver-api/early-userspace/buffer-format.rst).
 */

/** What any file system holds. */
export type FileEntry =
  | { readonly kind: 'directory'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly mode: number; readonly data: Buffer }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }

export type CpioEntry =
  | FileEntry
  | {
      readonly kind: 'device'
      readonly path: string
      readonly major: number
      readonly minor: number
    }

const TYPE_MODE = { directory: 0o040755, file: 0o100000, link: 0o120777, device: 0o020600 }
/** The name of the entry that ends an archive. */
const TRAILER = 'TRAILER!!!'

function hex(value: number): string {
  return value.toString(16).padStart(8, '0')
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
}

function record(inode: number, mode: number, path: string, data: Buffer, device: string): Buffer {
  const name = Buffer.from(`${path}\0`)
  const links = 1
  const fields = [inode, mode, 0, 0, links, 0, data.length, 0, 0].map(hex).join('')
  const header = `070701${fields}${device}${hex(name.length)}${hex(0)}`
  return Buffer.concat([padded(Buffer.concat([Buffer.from(header), name])), padded(data)])
}

function encode(entry: CpioEntry, inode: number): Buffer {
  const none = hex(0) + hex(0)
  const type = TYPE_MODE[entry.kind]
  switch (entry.kind) {
    case 'directory':
      return record(inode, type, entry.path, Buffer.alloc(0), none)
    case 'file':
      return record(inode, type | entry.mode, entry.path, entry.data, none)
    case 'link':
      return record(inode, type, entry.path, Buffer.from(entry.target), none)
    case 'device':
      return record(inode, type, entry.path, Buffer.alloc(0), hex(entry.major) + hex(entry.minor))
  }
}

/** Folders that the entries' paths need and do not name, parents first. */
function impliedDirectories(entries: readonly CpioEntry[]): readonly CpioEntry[] {
  const named = new Set(entries.filter((e) => e.kind === 'directory').map((e) => e.path))
  const implied = new Set<string>()
  for (const { path } of entries) {
    const parts = path.split('/')
    for (let depth = 1; depth < parts.length; depth++) {
      const parent = parts.slice(0, depth).join('/')
      if (!named.has(parent)) implied.add(parent)
    }
  }
  return [...implied].sort().map((path) => ({ kind: 'directory', path }))
}

/** The archive of these entries; paths are relative (`bin/sh`), parent folders come by themselves. */
export function encodeCpio(entries: readonly CpioEntry[]): Buffer {
  const all = [...impliedDirectories(entries), ...entries]
  const records = all.map((entry, index) => encode(entry, index + 1))
  return Buffer.concat([...records, record(0, 0, TRAILER, Buffer.alloc(0), hex(0) + hex(0))])
}
