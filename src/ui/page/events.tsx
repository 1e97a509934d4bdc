/** @module What happened, newest first: alarms and their ends, restarts, deploys, pressure. */
import { useEffect, useState } from 'preact/hooks'
import type { Event, EventKind } from '../../core/wire/records.ts'
import { EVENT_KINDS } from '../../core/wire/records.ts'
import { EventRows, joinEvents } from '../part/event-list.tsx'
import { SentenceLine } from '../part/sentence-line.tsx'
import { Failure, Loading } from '../part/states.tsx'
import type { Sentence } from '../say/sentence.ts'
import { formatAgo } from '../say/time.ts'
import { connection, live, nowMs, version } from '../store/connection.ts'
import { query, queryHref } from '../store/location.ts'
import type { RequestFailure } from '../store/request.ts'
import { fetchEvents } from '../store/request.ts'

const LIMIT = 500

/** Kinds that there is something of in this version. */
const SHOWN_KINDS: readonly EventKind[] = ['verdict', 'lifecycle', 'pressure', 'oom']

function kindOf(params: URLSearchParams): EventKind | null {
  return EVENT_KINDS.find((kind) => kind === params.get('kind')) ?? null
}

function sayEvents(events: readonly Event[], kind: EventKind | null, now: number): Sentence {
  const [newest] = events
  const what = kind === null ? '' : `${kind} `
  if (newest === undefined) return { text: `No ${what}events so far`, tone: 'quiet' }
  const count = events.length >= LIMIT ? `The last ${events.length}` : String(events.length)
  const one = events.length === 1 ? 'event' : 'events'
  return {
    text: `${count} ${what}${one}, the newest ${formatAgo(newest.wallMs, now)}`,
    tone: 'quiet',
  }
}

interface Answer {
  readonly kind: EventKind | null
  readonly events: readonly Event[]
  readonly failure: RequestFailure | null
}

function useEvents(kind: EventKind | null): Answer | null {
  const [answer, setAnswer] = useState<Answer | null>(null)
  const isConnected = connection.value.kind === 'live'
  useEffect(() => {
    if (!isConnected) return undefined
    let isWanted = true
    const asked = new URLSearchParams({ limit: String(LIMIT), ...(kind === null ? {} : { kind }) })
    void fetchEvents(asked).then((got) => {
      if (!isWanted) return
      if (got.ok) setAnswer({ kind, events: got.value.events, failure: null })
      else setAnswer({ kind, events: [], failure: got.error })
    })
    return () => {
      isWanted = false
    }
  }, [kind, isConnected])
  return answer?.kind === kind ? answer : null
}

function KindChoice({ kind }: { readonly kind: EventKind | null }) {
  return (
    <nav class="chips" aria-label="Kind of event">
      <a href={queryHref({ kind: null })} aria-current={kind === null ? 'true' : undefined}>
        all
      </a>
      {SHOWN_KINDS.map((each) => (
        <a
          key={each}
          href={queryHref({ kind: each })}
          aria-current={kind === each ? 'true' : undefined}
        >
          {each}
        </a>
      ))}
    </nav>
  )
}

export function EventsPage() {
  void version.value
  const kind = kindOf(query.value)
  const answer = useEvents(kind)
  if (answer === null) return <Loading what="Reading the events" />
  const heard = live.events.filter((event) => kind === null || event.kind === kind)
  const events = joinEvents(answer.events, heard)
  return (
    <>
      <SentenceLine sentence={sayEvents(events, kind, nowMs.value)} />
      <div class="toolbar">
        <KindChoice kind={kind} />
      </div>
      {answer.failure === null ? null : <Failure failure={answer.failure} what="The events" />}
      {events.length > 0 ? (
        <section class="panel" aria-label="Events, newest first">
          <EventRows events={events} />
        </section>
      ) : answer.failure === null ? (
        <p class="empty">
          Nothing has happened that a person should know: an alarm and its end, a restart of a
          service, a deploy and times of pressure will stand here.
        </p>
      ) : null}
    </>
  )
}
