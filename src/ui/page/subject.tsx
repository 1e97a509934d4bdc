/** @module One process, service or pool: what it does, how it went, when it runs out, what it is. */
import { useEffect, useRef, useState } from 'preact/hooks'
import type { SubjectDocument } from '../../core/wire/api.ts'
import { membersOf } from '../../core/wire/members.ts'
import type { SubjectId, SubjectRow } from '../../core/wire/records.ts'
import { EventList, joinEvents } from '../part/event-list.tsx'
import { Facts } from '../part/facts.tsx'
import { MarkPanel } from '../part/mark-panel.tsx'
import { OutlookPanel } from '../part/outlook-panel.tsx'
import { SentenceLine } from '../part/sentence-line.tsx'
import { Loading } from '../part/states.tsx'
import { Timeline } from '../part/timeline.tsx'
import type { Sentence } from '../say/sentence.ts'
import { saySubject } from '../say/sentence.ts'
import { safeName } from '../say/subject.ts'
import { formatAbsolute } from '../say/time.ts'
import { connection, live, version } from '../store/connection.ts'
import { fetchSubject } from '../store/request.ts'
import { chooseRows, parseChoice } from '../table/choose-rows.ts'
import { SubjectTable } from '../table/table.tsx'
import { UnseenSubject } from './unseen-subject.tsx'

const BY_SIZE = parseChoice(new URLSearchParams(), 'size')

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

function Members({ row }: { readonly row: SubjectRow }) {
  if (row.kind !== 'service' && row.kind !== 'cgroup') return null
  const members = chooseRows(membersOf(live.rows.values(), row), BY_SIZE, () => false)
  return (
    <section aria-labelledby="members-title" class="panel">
      <div class="panel-head">
        <h2 id="members-title">Its processes</h2>
        <span class="note">{members.length}</span>
      </div>
      {members.length === 0 ? (
        <p class="empty small">It has no process now.</p>
      ) : (
        <SubjectTable rows={members} choice={null} label="Its processes" />
      )}
    </section>
  )
}

function sayEnded(row: SubjectRow, lastMs: number | null): Sentence {
  const when = lastMs === null ? '' : ` (last seen ${formatAbsolute(lastMs)})`
  const who = row.pid === null ? safeName(row.name) : `${safeName(row.name)} ${row.pid}`
  return { text: `${who} is not there any more${when}; its history still is`, tone: 'quiet' }
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
  return row === undefined ? <UnseenSubject id={id} /> : <Known id={id} row={row} />
}
