/** @module The page that the address names, in its surroundings. */
import { useEffect } from 'preact/hooks'
import { assertUnreachable } from '../base/assert.ts'
import { ConsolePage } from './page/console.tsx'
import { EventsPage } from './page/events.tsx'
import { HostPage, unmarkedSuspects } from './page/host.tsx'
import { OomPage } from './page/oom.tsx'
import { PublicPage } from './page/public.tsx'
import { SubjectPage } from './page/subject.tsx'
import { AllPage, SuspectsPage } from './page/subjects.tsx'
import { Help, isHelpOpen } from './part/help.tsx'
import { Shell } from './part/shell.tsx'
import { safeName } from './say/subject.ts'
import { isVisitor, live, session, version } from './store/connection.ts'
import { navigate, route } from './store/location.ts'
import type { Route } from './store/route.ts'
import { onKeys } from './store/shortcuts.ts'

function Page({ at }: { readonly at: Route }) {
  switch (at.page) {
    case 'host':
      return <HostPage />
    case 'suspects':
      return <SuspectsPage />
    case 'all':
      return <AllPage />
    case 'events':
      return <EventsPage />
    case 'console':
      return <ConsolePage />
    case 'oom':
      return <OomPage />
    case 'subject':
      return <SubjectPage key={at.id} id={at.id} />
    case 'unknown':
      return <UnknownPage path={at.path} />
    default:
      return assertUnreachable(at)
  }
}

function UnknownPage({ path }: { readonly path: string }) {
  return (
    <>
      <h1 class="sentence quiet">There is no page at {safeName(path)}</h1>
      <p>
        <a href="/">To the host</a>
      </p>
    </>
  )
}

const TITLES: Readonly<Record<Route['page'], string>> = {
  host: 'Host',
  suspects: 'Suspects',
  all: 'All',
  events: 'Events',
  console: 'Console',
  oom: 'OOM',
  subject: '',
  unknown: 'Not found',
}

/** How many suspects, then what is shown, so that a tab tells from afar. */
function titleOf(at: Route, suspects: number): string {
  const name = at.page === 'subject' ? safeName(live.rows.get(at.id)?.name ?? at.id) : ''
  const host = session.value?.hello?.hostName ?? ''
  const parts = [TITLES[at.page] || name, safeName(host), 'Plimsoll']
  const shown = parts.filter((part) => part !== '' && part !== '(no name)').join(' · ')
  return suspects > 0 ? `(${suspects}) ${shown}` : shown
}

function useTitle(): void {
  void version.value
  const title = titleOf(route.value, unmarkedSuspects().length)
  useEffect(() => {
    document.title = title
  }, [title])
}

function focusSearch(): void {
  const search = document.getElementById('search')
  if (search === null) {
    navigate('/all')
    // The page is there with the next drawing.
    requestAnimationFrame(() => document.getElementById('search')?.focus())
  } else search.focus()
}

/** The OOM page shows a visitor nothing of this host and asks the server for nothing: everyone may use it. */
function isOpen(at: Route): boolean {
  return at.page === 'oom' || !isVisitor.value
}

export function App() {
  useTitle()
  useEffect(
    () =>
      onKeys({
        '/': focusSearch,
        '?': () => {
          isHelpOpen.value = true
        },
      }),
    [],
  )
  return (
    <>
      <Shell>{isOpen(route.value) ? <Page at={route.value} /> : <PublicPage />}</Shell>
      <Help />
    </>
  )
}
