/** @module The address bar holds the state of the page: what is seen can be sent to a colleague. */
import { computed, signal } from '@preact/signals'
import type { SubjectId } from '../../core/wire/records.ts'

export type Route =
  | { readonly page: 'host' }
  | { readonly page: 'suspects' }
  | { readonly page: 'all' }
  | { readonly page: 'events' }
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

const address = signal({ path: location.pathname, search: location.search })

export const route = computed(() => parseRoute(address.value.path))
export const query = computed(() => new URLSearchParams(address.value.search))

function readAddress(): void {
  address.value = { path: location.pathname, search: location.search }
}

export function navigate(href: string): void {
  history.pushState(null, '', href)
  readAddress()
  scrollTo(0, 0)
}

/** Changes keys of the query in place: a filter being typed is no step of the history. */
export function replaceQuery(changes: Readonly<Record<string, string | null>>): void {
  history.replaceState(null, '', location.pathname + changeQuery(location.search, changes))
  readAddress()
}

/** The query with `changes`, as a link on this page. */
export function queryHref(changes: Readonly<Record<string, string | null>>): string {
  return address.value.path + changeQuery(address.value.search, changes)
}

/** Follows links within the page and the browser's back and forward. */
export function startNavigation(): void {
  addEventListener('popstate', readAddress)
  document.addEventListener('click', (event) => {
    const isPlain =
      event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey
    const link = event.target instanceof Element ? event.target.closest('a') : null
    const href = link?.getAttribute('href')
    if (!isPlain || event.defaultPrevented || !href?.startsWith('/') || link?.target) return
    event.preventDefault()
    navigate(href)
  })
}
