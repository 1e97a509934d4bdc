/** @module A subject that ended before the page was opened: what was recorded of it. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { Event, SubjectId } from '../../core/wire/records.ts'
import { RangeChoice } from '../chart/range.tsx'
import { SubjectChart } from '../chart/subject-chart.tsx'
import { subjectSeries } from '../chart/subject-columns.ts'
import { boundsOf, parseRange } from '../chart/time-range.ts'
import { useHistory } from '../chart/use-history.ts'
import { EventList } from '../part/event-list.tsx'
import { SentenceLine } from '../part/sentence-line.tsx'
import { Loading } from '../part/states.tsx'
import { safeName } from '../say/subject.ts'
import { intervalMs, live, nowMs } from '../store/connection.ts'
import { query } from '../store/location.ts'
import { fetchEvents, fetchHistory } from '../store/request.ts'

const MAX_EVENTS = 200

/** All that is known to have happened to it, whatever part of time is shown. */
function useEvents(id: SubjectId): readonly Event[] {
  const [events, setEvents] = useState<readonly Event[]>([])
  useEffect(() => {
    let isWanted = true
    const asked = new URLSearchParams({ subject: id, limit: String(MAX_EVENTS) })
    void fetchEvents(asked).then((answer) => {
      if (isWanted && answer.ok) setEvents(answer.value.events)
    })
    return () => {
      isWanted = false
    }
  }, [id])
  return events
}

export function UnseenSubject({ id }: { readonly id: SubjectId }) {
  const range = parseRange(query.value)
  const [found, setFound] = useState<'asking' | 'recorded' | 'unknown'>('asking')
  const events = useEvents(id)
  const recorded = useHistory(id, range, async (span) => {
    const answer = await fetchHistory(id, span)
    setFound(answer.ok ? 'recorded' : 'unknown')
    return answer
  })
  const { document } = recorded
  const memory = id.startsWith('slab:') ? 'slab' : id.startsWith('process:') ? 'anon' : 'shmem'
  const isProcess = id.startsWith('process:') || id.startsWith('service:')
  const series = useMemo(
    () => subjectSeries(isProcess ? 'process' : 'tmpfs', memory, document, [], intervalMs.value),
    [document, isProcess, memory],
  )
  const name = events.find((event) => event.subject?.comm)?.subject?.comm
  const shown = safeName(name ? `${name} (${id})` : id)
  if (found === 'asking') return <Loading what={`Looking for ${shown}`} />
  const tail =
    found === 'recorded'
      ? '; its history still is'
      : ', and nothing was recorded of it in this time'
  const text = `${shown} is not there any more${tail}`
  const bounds = boundsOf(range, live.host?.wallMs ?? nowMs.value)
  return (
    <>
      <SentenceLine sentence={{ text, tone: 'quiet' }} />
      <section aria-labelledby="timeline-title" class="panel">
        <div class="panel-head">
          <h2 id="timeline-title">Timeline</h2>
          <RangeChoice />
        </div>
        {series.wallMs.length === 0 ? (
          <p class="empty">Nothing was recorded of it in this part of time: try a longer one.</p>
        ) : (
          <SubjectChart
            series={series}
            bounds={bounds}
            events={events}
            outlook={null}
            limitWords=""
          />
        )}
      </section>
      <EventList events={events} title="Events" />
    </>
  )
}
