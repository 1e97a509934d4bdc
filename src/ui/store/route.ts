/** @module Addresses of pages: from path to page and back. Plain functions of text. */
import type { SubjectId } from '../../core/wire/records.ts'

export type Route =
  | { readonly page: 'host' }
  | { readonly page: 'suspects' }
  | { readonly page: 'all' }
  | { readonly page: 'events' }
  | { readonly page: 'console' }
  | { readonly page: 'oom' }
  | { readonly page: 'subject'; readonly id: SubjectId }
  | { readonly page: 'unknown'; readonly path: string }

/** Path to page; an address that is no address of ours is `unknown`, never an error. */
export function parseRoute(path: string): Route {
  switch (path) {
    case '/':
      return { page: 'host' }
    case '/suspects':
      return { page: 'suspects' }
    case '/all':
      return { page: 'all' }
    case '/events':
      return { page: 'events' }
    case '/console':
      return { page: 'console' }
    case '/oom':
      return { page: 'oom' }
  }
  const id = /^\/subjects\/([^/]+)$/.exec(path)?.[1]
  if (id === undefined) return { page: 'unknown', path }
  try {
    return { page: 'subject', id: decodeURIComponent(id) }
  } catch {
    return { page: 'unknown', path }
  }
}

/** The address of a subject's page. */
export function subjectPath(id: SubjectId): string {
  return `/subjects/${encodeURIComponent(id)}`
}

/** The page of an OOM of this host, by the event that told of it. */
export function oomPath(eventId: string): string {
  return `/oom?event=${encodeURIComponent(eventId)}`
}

/** `search` with some keys changed; an empty value or `null` takes the key away. */
export function changeQuery(
  search: string,
  changes: Readonly<Record<string, string | null>>,
): string {
  const query = new URLSearchParams(search)
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || value === '') query.delete(key)
    else query.set(key, value)
  }
  const text = query.toString()
  return text === '' ? '' : `?${text}`
}
