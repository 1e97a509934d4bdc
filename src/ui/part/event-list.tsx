/** @module Events as a list: when, what kind, about whom, in one sentence. */
import type { Event } from '../../core/wire/records.ts'
import { markShape } from '../chart/marks.ts'
import { safeName } from '../say/subject.ts'
import { oomPath, subjectPath } from '../store/route.ts'
import { Ago, Name } from './name.tsx'

/** Recorded ones and those heard since, newest first, each once. */
export function joinEvents(recorded: readonly Event[], heard: readonly Event[]): readonly Event[] {
  const known = new Set(recorded.map((event) => event.id))
  return [...heard.filter((event) => !known.has(event.id)), ...recorded].sort(
    (a, b) => b.wallMs - a.wallMs,
  )
}

function Subject({ event }: { readonly event: Event }) {
  const { subject } = event
  if (event.kind === 'oom') return <a href={oomPath(event.id)}>who had the memory</a>
  if (subject === null) return <span class="dim">host</span>
  const name = subject.comm ?? subject.id.replace(/^[a-z]+:/, '')
  return (
    <a href={subjectPath(subject.id)}>
      <Name text={name} />
      {subject.pid === null ? null : <span class="pid">{subject.pid}</span>}
    </a>
  )
}

export function EventRows({ events }: { readonly events: readonly Event[] }) {
  return (
    <ul class="events">
      {events.map((event) => (
        <li key={event.id} data-kind={event.kind}>
          <span class="when">
            <Ago wallMs={event.wallMs} />
          </span>
          <span class="what">
            <span aria-hidden="true">{markShape(event)}</span> {event.kind}
          </span>
          <span class="who">
            <Subject event={event} />
          </span>
          <span class="reason">{safeName(event.reason)}</span>
        </li>
      ))}
    </ul>
  )
}

export function EventList({
  events,
  title,
  limit = events.length,
}: {
  readonly events: readonly Event[]
  readonly title: string
  /** Of the newest, with a link to all. */
  readonly limit?: number
}) {
  return (
    <section aria-labelledby="events-title" class="panel">
      <div class="panel-head">
        <h2 id="events-title">{title}</h2>
        {events.length > limit ? (
          <a href="/events">{`Newest ${limit} of ${events.length}: all events`}</a>
        ) : (
          <span class="note">{events.length === 0 ? '' : events.length}</span>
        )}
      </div>
      {events.length === 0 ? (
        <p class="empty small">No alarm, restart or deploy so far.</p>
      ) : (
        <EventRows events={events.slice(0, limit)} />
      )}
    </section>
  )
}
