/** @module One process, service or pool: what it does, how it went, when it runs out, what it is. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { SubjectDocument } from '../../core/wire/api.ts'
import type { Event, SubjectId, SubjectRow } from '../../core/wire/records.ts'
import { RangeChoice } from '../chart/range.tsx'
import { CountChart, SubjectChart } from '../chart/subject-chart.tsx'
import type { SubjectPoint } from '../chart/subject-columns.ts'
import { subjectSeries } from '../chart/subject-columns.ts'
import { boundsOf, fitBounds, parseRange } from '../chart/time-range.ts'
import { outlookOf } from '../chart/trend.ts'
import { useHistory } from '../chart/use-history.ts'
import { EventList } from '../part/event-list.tsx'
import { Facts } from '../part/facts.tsx'
import { MarkPanel } from '../part/mark-panel.tsx'
import { OutlookPanel } from '../part/outlook-panel.tsx'
import { SentenceLine } from '../part/sentence-line.tsx'
import { Failure, Loading } from '../part/states.tsx'
import type { Sentence } from '../say/sentence.ts'
import { membersOf, saySubject } from '../say/sentence.ts'
import { limitWords, memoryKindOf, safeName } from '../say/subject.ts'
import { formatAbsolute } from '../say/time.ts'
import { connection, live, nowMs, version } from '../store/connection.ts'
import { query } from '../store/location.ts'
import { fetchHistory, fetchSubject } from '../store/request.ts'
import { chooseRows, parseChoice } from '../table/choose-rows.ts'
import { SubjectTable } from '../table/table.tsx'

const MAX_TICKS = 900
const BY_SIZE = parseChoice(new URLSearchParams(), 'size')

/** The subject at each tick since the page was opened. */
function useTicks(row: SubjectRow | undefined): readonly SubjectPoint[] {
  const ticks = useRef<SubjectPoint[]>([])
  const wallMs = live.host?.wallMs ?? 0
  if (row !== undefined && wallMs > (ticks.current.at(-1)?.wallMs ?? 0)) {
    ticks.current = [...ticks.current.slice(-MAX_TICKS), { wallMs, row }]
  }
  return ticks.current
}

/** What the server knows besides the row: arguments and events. */
function useDocument(id: SubjectId): SubjectDocument | null {
  const [document, setDocument] = useState<SubjectDocument | null>(null)
  const isConnected = connection.value.kind === 'live'
  useEffect(() => {
    if (!isConnected) return undefined
    let isWanted = true
    void fetchSubject(id).then((answer) => {
      if (isWanted && answer.ok) setDocument(answer.value)
    })
    return () => {
      isWanted = false
    }
  }, [id, isConnected])
  return document
}

/** Recorded ones and those heard since, newest first, each once. */
function joinEvents(recorded: readonly Event[], heard: readonly Event[]): readonly Event[] {
  const known = new Set(recorded.map((event) => event.id))
  return [...heard.filter((event) => !known.has(event.id)), ...recorded].sort(
    (a, b) => b.wallMs - a.wallMs,
  )
}

function Timeline({ row, id }: { readonly row: SubjectRow; readonly id: SubjectId }) {
  const isThere = live.rows.has(id)
  const ticks = useTicks(isThere ? row : undefined)
  const range = parseRange(query.value)
  const recorded = useHistory(id, range, (span) => fetchHistory(id, span))
  const { document } = recorded
  const kind = memoryKindOf(row)
  const series = useMemo(
    () => subjectSeries(row.kind, kind, document, ticks),
    [document, ticks, row.kind, kind],
  )
  const lastMs = isThere ? live.host?.wallMs : series.wallMs.at(-1)
  const bounds = fitBounds(range, lastMs ?? nowMs.value, series.wallMs[0])
  const outlook = isThere && live.host !== null ? outlookOf(row, live.host) : null
  const words = row.limit === null ? '' : limitWords(row.limit)
  const isThreaded = series.threads.some((count) => count !== null)
  const hasFds = series.fds.some((count) => count !== null)
  const events = joinEvents(
    document?.events ?? [],
    live.events.filter((event) => event.subject?.id === id),
  )
  const isEmpty = !recorded.isLoading && series.wallMs.every((ms) => ms < bounds.fromMs)
  return (
    <section aria-labelledby="timeline-title" class="panel" aria-busy={recorded.isLoading}>
      <div class="panel-head">
        <h2 id="timeline-title">Timeline</h2>
        <RangeChoice />
      </div>
      {recorded.failure === null ? null : <Failure failure={recorded.failure} what="The history" />}
      {isEmpty ? (
        <p class="empty">Nothing was recorded of it in this part of time.</p>
      ) : (
        <SubjectChart
          series={series}
          bounds={bounds}
          events={events}
          outlook={outlook}
          limitWords={words}
        />
      )}
      {isEmpty || (!isThreaded && !hasFds) ? null : (
        <div class="pair">
          {isThreaded ? (
            <div>
              <p class="chart-title">Threads</p>
              <CountChart
                wallMs={series.wallMs}
                counts={series.threads}
                bounds={bounds}
                word="Threads"
              />
            </div>
          ) : null}
          {hasFds ? (
            <div>
              <p class="chart-title">Open file descriptors</p>
              <CountChart
                wallMs={series.wallMs}
                counts={series.fds}
                bounds={bounds}
                word="Open file descriptors"
              />
            </div>
          ) : null}
        </div>
      )}
    </section>
  )
}

function Members({ row }: { readonly row: SubjectRow }) {
  if (row.kind !== 'service') return null
  const members = chooseRows(membersOf(live.rows, row.id), BY_SIZE, () => false)
  return (
    <section aria-labelledby="members-title" class="panel">
      <div class="panel-head">
        <h2 id="members-title">Its processes</h2>
        <span class="note">{members.length}</span>
      </div>
      {members.length === 0 ? (
        <p class="empty small">It has no process now.</p>
      ) : (
        <SubjectTable rows={members} choice={null} label="Processes of the service" />
      )}
    </section>
  )
}

function sayEnded(row: SubjectRow, lastMs: number | null): Sentence {
  const when = lastMs === null ? '' : ` (last seen ${formatAbsolute(lastMs)})`
  const who = row.pid === null ? safeName(row.name) : `${safeName(row.name)} ${row.pid}`
  return { text: `${who} is not there any more${when}; its history still is`, tone: 'quiet' }
}

/** A subject that the page has never seen alive: what its id says. */
function Unseen({ id }: { readonly id: SubjectId }) {
  const range = parseRange(query.value)
  const [found, setFound] = useState<'asking' | 'recorded' | 'unknown'>('asking')
  const [events, setEvents] = useState<readonly Event[]>([])
  const recorded = useHistory(id, range, async (span) => {
    const answer = await fetchHistory(id, span)
    setFound(answer.ok ? 'recorded' : 'unknown')
    if (answer.ok) setEvents(answer.value.events)
    return answer
  })
  const { document } = recorded
  const memory = id.startsWith('slab:') ? 'slab' : id.startsWith('process:') ? 'anon' : 'shmem'
  const isProcess = id.startsWith('process:') || id.startsWith('service:')
  const series = useMemo(
    () => subjectSeries(isProcess ? 'process' : 'tmpfs', memory, document, []),
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

function Known({ id, row }: { readonly id: SubjectId; readonly row: SubjectRow }) {
  const document = useDocument(id)
  const isThere = live.rows.has(id)
  const endedMs = useRef<number | null>(null)
  if (!isThere) endedMs.current ??= live.host?.wallMs ?? null
  const heard = live.events.filter((event) => event.subject?.id === id)
  return (
    <>
      <SentenceLine sentence={isThere ? saySubject(row) : sayEnded(row, endedMs.current)} />
      {isThere ? <MarkPanel row={row} /> : null}
      {isThere ? <OutlookPanel row={row} /> : null}
      <Timeline row={row} id={id} />
      <Facts row={row} cmdline={document?.cmdline ?? null} isThere={isThere} />
      <Members row={row} />
      <EventList events={joinEvents(document?.events ?? [], heard)} title="Events" />
    </>
  )
}

export function SubjectPage({ id }: { readonly id: SubjectId }) {
  void version.value
  const last = useRef<SubjectRow | undefined>(undefined)
  const row = live.rows.get(id) ?? last.current
  last.current = row
  if (live.host === null) return <Loading what="Waiting for the first sample" />
  return row === undefined ? <Unseen id={id} /> : <Known id={id} row={row} />
}
