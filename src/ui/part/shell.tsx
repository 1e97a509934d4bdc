/** @module What surrounds every page: navigation, what is wrong with the figures, theme. */
import type { ComponentChildren } from 'preact'
import {
  connection,
  guard,
  intervalMs,
  isVisitor,
  live,
  nowMs,
  session,
} from '../store/connection.ts'
import { route } from '../store/location.ts'
import type { Route } from '../store/route.ts'
import { chooseTheme, THEMES, theme } from '../store/theme.ts'
import { isHelpOpen } from './help.tsx'
import { Ago, Name } from './name.tsx'

/** Ticks that may be late before the figures count as old, and the least time for it. */
const STALE_TICKS = 3
const STALE_MS = 15_000

const PAGES: readonly { readonly page: Route['page']; readonly href: string; word: string }[] = [
  { page: 'host', href: '/', word: 'Host' },
  { page: 'suspects', href: '/suspects', word: 'Suspects' },
  { page: 'all', href: '/all', word: 'All' },
  { page: 'events', href: '/events', word: 'Events' },
  { page: 'console', href: '/console', word: 'Console' },
  { page: 'oom', href: '/oom', word: 'OOM' },
]

function Navigation() {
  if (isVisitor.value) return null
  return (
    <nav aria-label="Pages">
      {PAGES.map(({ page, href, word }) => (
        <a key={page} href={href} aria-current={route.value.page === page ? 'page' : undefined}>
          {word}
        </a>
      ))}
    </nav>
  )
}

function ThemeChoice() {
  const next = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'auto'
  return (
    <button
      type="button"
      class="quiet theme"
      title={`Theme: ${theme.value}; switch to ${next}`}
      aria-label={`Theme: ${theme.value}; switch to ${next}`}
      onClick={() => chooseTheme(next)}
    >
      <span aria-hidden="true">◐</span> {theme.value}
    </button>
  )
}

/** Said above everything else as long as figures may be old: what, since when, what is done. */
function Trouble() {
  const { value } = connection
  const lastMs = live.host?.wallMs
  if (value.kind === 'lost') {
    return (
      <div class="trouble" data-trouble="lost">
        <strong role="status">Disconnected</strong> <Ago wallMs={value.sinceMs} />: {value.reason}.
        Retrying.{' '}
        {lastMs === undefined ? null : (
          <>
            Figures are from <Ago wallMs={lastMs} />.
          </>
        )}
      </div>
    )
  }
  const status = guard.value
  if (status !== null && !status.connected) {
    return (
      <div class="trouble" data-trouble="guard">
        <strong role="status">The guard is not running</strong> since{' '}
        <Ago wallMs={status.sinceWallMs} />: {status.reason}. Nothing is sampled; the figures stand
        still until it is back.
      </div>
    )
  }
  const staleMs = Math.max(STALE_MS, STALE_TICKS * intervalMs.value)
  if (value.kind === 'live' && lastMs !== undefined && nowMs.value - lastMs > staleMs) {
    return (
      <div class="trouble" data-trouble="stale">
        <strong role="status">No new sample</strong> since <Ago wallMs={lastMs} />. The connection
        is open, but the guard is silent.
      </div>
    )
  }
  return null
}

function Heartbeat() {
  const { kind } = connection.value
  const word = { connecting: 'connecting', live: 'live', public: 'every 5 s', lost: 'disconnected' }
  const isAway = kind === 'live' && guard.value?.connected === false
  return (
    <span class={`heartbeat ${isAway ? 'lost' : kind}`} data-connection={kind}>
      <span aria-hidden="true">{kind === 'live' && !isAway ? '●' : '○'}</span>{' '}
      {isAway ? 'no guard' : word[kind]}
    </span>
  )
}

/** Whether the figures may be old: they are shown grey. Those of a log are of another time anyway. */
function isOld(): boolean {
  if (route.value.page === 'oom') return false
  return connection.value.kind === 'lost' || guard.value?.connected === false
}

function Footer() {
  const openHelp = () => {
    isHelpOpen.value = true
  }
  return (
    <footer>
      <span>Plimsoll {session.value?.version}</span>
      {isVisitor.value ? <a href="/oom">Explain an OOM from a log</a> : null}
      <button type="button" class="quiet" onClick={openHelp}>
        <kbd>?</kbd> keys and words
      </button>
    </footer>
  )
}

export function Shell({ children }: { readonly children: ComponentChildren }) {
  const hello = session.value?.hello
  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header>
        <a class="brand" href="/">
          <img src="/icon.svg" alt="" width="18" height="18" /> Plimsoll
        </a>
        {hello ? (
          <span class="host-name">
            <Name text={hello.hostName} />
          </span>
        ) : null}
        <Navigation />
        <Heartbeat />
        <ThemeChoice />
      </header>
      <Trouble />
      <main id="main" tabIndex={-1} class={isOld() ? 'old' : ''}>
        {children}
      </main>
      <Footer />
    </>
  )
}
