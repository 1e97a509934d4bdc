/** @module Users and groups of the host, by name: passwd(5), group(5). */
import { readFileSync } from 'node:fs'

export interface User {
  readonly uid: number
  readonly gid: number
}

function findEntry(text: string, name: string): readonly string[] | undefined {
  return text
    .split('\n')
    .map((line) => line.split(':'))
    .find(([first]) => first === name)
}

function parseId(field: string | undefined): number | undefined {
  return field !== undefined && /^\d{1,10}$/.test(field) ? Number(field) : undefined
}

/** @param passwd text of passwd(5); `undefined`: nobody has that name there */
export function parseUser(passwd: string, name: string): User | undefined {
  const [, , uidField, gidField] = findEntry(passwd, name) ?? []
  const [uid, gid] = [parseId(uidField), parseId(gidField)]
  return uid === undefined || gid === undefined ? undefined : { uid, gid }
}

/** @param group text of group(5); `undefined`: there is none of that name */
export function parseGroup(group: string, name: string): number | undefined {
  return parseId(findEntry(group, name)?.[2])
}

/** A host without such a file has no names. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

export function readUser(name: string): User | undefined {
  return parseUser(readText('/etc/passwd'), name)
}

export function readGroup(name: string): number | undefined {
  return parseGroup(readText('/etc/group'), name)
}
