/** @module The owner's own judgement of a subject: expected or muted, for how long, and why. */
import { useState } from 'preact/hooks'
import type { Result } from '../../base/result.ts'
import type { MarkRequest, SubjectDocument } from '../../core/wire/api.ts'
import type { Mark, SubjectRow } from '../../core/wire/records.ts'
import { safeName } from '../say/subject.ts'
import { announce, live, nowMs } from '../store/connection.ts'
import { markOf } from '../store/live.ts'
import type { RequestFailure } from '../store/request.ts'
import { sendMark, sendUnmark } from '../store/request.ts'
import { Ago, SubjectLink } from './name.tsx'

const HOUR_MS = 3_600_000

const PERIODS: readonly {
  readonly key: string
  readonly word: string
  readonly ms: number | null
}[] = [
  { key: '1h', word: 'for 1 hour', ms: HOUR_MS },
  { key: '1d', word: 'for 1 day', ms: 24 * HOUR_MS },
  { key: '1w', word: 'for 1 week', ms: 7 * 24 * HOUR_MS },
  { key: 'forever', word: 'until taken back', ms: null },
]

const MEANINGS: Readonly<Record<Mark['mark'], string>> = {
  expected: 'expected: it is meant to grow',
  muted: 'muted: a leak that is known',
}

type Send = (ask: Promise<Result<SubjectDocument, RequestFailure>>) => Promise<void>

/** A process is another one after a restart, and its mark is not that one's. */
function Outliving({ row }: { readonly row: SubjectRow }) {
  const service = row.kind === 'process' ? live.rows.get(row.serviceId ?? '') : undefined
  return service === undefined ? null : (
    <p class="note">
      This mark ends with the process; one of its service, <SubjectLink row={service} />, outlives
      restarts.
    </p>
  )
}

function MarkForm({ row, send }: { readonly row: SubjectRow; readonly send: Send }) {
  const [mark, setMark] = useState<Mark['mark']>('expected')
  const [period, setPeriod] = useState('1d')
  const [comment, setComment] = useState('')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const ms = PERIODS.find(({ key }) => key === period)?.ms ?? null
    const untilWallMs = ms === null ? null : nowMs.value + ms
    const request: MarkRequest = { mark, comment: comment.trim(), untilWallMs }
    void send(sendMark(row.id, request))
  }
  return (
    <form class="mark-form" onSubmit={submit}>
      <label>
        Mark as
        <select
          name="mark"
          value={mark}
          onChange={(event) => setMark(event.currentTarget.value as Mark['mark'])}
        >
          {Object.entries(MEANINGS).map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </select>
      </label>
      <label>
        How long
        <select
          name="period"
          value={period}
          onChange={(event) => setPeriod(event.currentTarget.value)}
        >
          {PERIODS.map(({ key, word }) => (
            <option key={key} value={key}>
              {word}
            </option>
          ))}
        </select>
      </label>
      <label class="comment">
        Why
        <input
          name="comment"
          maxLength={500}
          placeholder="for those who come after you"
          value={comment}
          onInput={(event) => setComment(event.currentTarget.value)}
        />
      </label>
      <button type="submit">Mark</button>
    </form>
  )
}

function Marked({
  row,
  mark,
  send,
}: {
  readonly row: SubjectRow
  readonly mark: Mark
  readonly send: Send
}) {
  return (
    <p class="marked-line" data-mark={mark.mark}>
      <span class="badge">{mark.mark}</span>
      <span>
        {mark.comment === '' ? 'No reason was given' : safeName(mark.comment)}; set{' '}
        <Ago wallMs={mark.setWallMs} />,{' '}
        {mark.untilWallMs === null ? (
          'until taken back'
        ) : (
          <>
            ends <Ago wallMs={mark.untilWallMs} />
          </>
        )}
        . Nobody is notified of it meanwhile.
      </span>
      <button type="button" onClick={() => void send(sendUnmark(row.id))}>
        Unmark
      </button>
    </p>
  )
}

export function MarkPanel({ row }: { readonly row: SubjectRow }) {
  const [failure, setFailure] = useState<string | null>(null)
  const mark = markOf(live, row.id, nowMs.value)
  const send: Send = async (ask) => {
    const answer = await ask
    setFailure(answer.ok ? null : answer.error.message)
    if (!answer.ok) return
    // The stream says so, too; the reader sees it at once.
    if (answer.value.mark === null) live.marks.delete(row.id)
    else live.marks.set(row.id, answer.value.mark)
    announce()
  }
  return (
    <div class="mark-panel">
      {mark === null ? (
        <details>
          <summary>Expected, or known already?</summary>
          <MarkForm row={row} send={send} />
          <Outliving row={row} />
        </details>
      ) : (
        <Marked row={row} mark={mark} send={send} />
      )}
      {failure === null ? null : (
        <p class="failure" role="alert">
          <span aria-hidden="true">!</span> It was not marked: {failure}
        </p>
      )}
    </div>
  )
}
