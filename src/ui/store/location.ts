/** @module The address bar holds the state of the page: what is seen can be sent to a colleague. */
import { computed, signal } from '@preact/signals'
import { changeQuery, parseRoute } from './route.ts'

function read() {
  return { path: location.pathname, search: location.search, hash: location.hash }
}

const address = signal(read())

export const route = computed(() => parseRoute(address.value.path))
export const query = computed(() => new URLSearchParams(address.value.search))
/** With its `#`, or empty: a place on the page. */
export const hash = computed(() => address.value.hash)

function readAddress(): void {
  address.value = read()
}

export function navigate(href: string): void {
  const { path } = address.value
  history.pushState(null, '', href)
  readAddress()
  scrollTo(0, 0)
  // What had the focus is gone with its page: keyboard and screen reader go on in the new one.
  if (address.value.path !== path) document.getElementById('main')?.focus({ preventScroll: true })
}

/** Changes keys of the query in place: a filter being typed is no step of the history. */
export function replaceQuery(changes: Readonly<Record<string, string | null>>): void {
  history.replaceState(
    null,
    '',
    location.pathname + changeQuery(location.search, changes) + location.hash,
  )
  readAddress()
}

/** Goes to another place on this page, which is no step of the history. */
export function replaceHash(to: string): void {
  history.replaceState(null, '', location.pathname + location.search + to)
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
