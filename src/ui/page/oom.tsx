/** @module An OOM explained: of this host, or of any machine whose log is dropped and read in this browser alone. */
import { useEffect, useMemo } from 'preact/hooks'
import { formatBytes } from '../../base/format.ts'
import type { VerdictClass } from '../../core/oom/verdict.ts'
import { causeWords, missingWords, sentence } from '../../core/oom/words.ts'
import { Actions } from '../oom/actions.tsx'
import { ChooseButton, ChoosePanel, useDroppedLog } from '../oom/choose-log.tsx'
import { findEntry, hashOf, orderEntries, parseOrder, stormsOf } from '../oom/choose-report.ts'
import { EvidenceDialog } from '../oom/evidence.tsx'
import type { HostOomsAnswer } from '../oom/host-list.tsx'
import { HostList, useHostOoms } from '../oom/host-list.tsx'
import { findOom, sayOom, verdictOf } from '../oom/host-ooms.ts'
import type { Origin } from '../oom/log-store.ts'
import { closeLog, logState, openHostOom } from '../oom/log-store.ts'
import { MemoryPicture } from '../oom/memory-picture.tsx'
import type { Entry, Progress, ReadLog, Refusal } from '../oom/read-log.ts'
import { ReportList, StormPicture } from '../oom/reports.tsx'
import { TaskTable } from '../oom/task-table.tsx'
import { VerdictBadge } from '../oom/verdict-badge.tsx'
import { Who } from '../oom/who.tsx'
import { SentenceLine } from '../part/sentence-line.tsx'
import type { Sentence } from '../say/sentence.ts'
import { safeName } from '../say/subject.ts'
import { formatAgo } from '../say/time.ts'
import { nowMs } from '../store/connection.ts'
import { hash, query, replaceHash, replaceQuery } from '../store/location.ts'
import { onKeys } from '../store/shortcuts.ts'

const PRIVACY = 'The log is read in this browser. Nothing of it is sent anywhere.'

const TONES: Readonly<Record<VerdictClass, Sentence['tone']>> = {
  guilty: 'bad',
  innocent: 'warn',
  'no-single-culprit': 'warn',
  'not-a-process': 'warn',
  unknown: 'quiet',
}

function sayEntry({ explanation }: Entry): Sentence {
  return { text: safeName(sentence(explanation)), tone: TONES[explanation.verdict.verdict] }
}

function VerdictLine({ entry: { explanation } }: { readonly entry: Entry }) {
  const { verdict, confidence } = explanation
  return (
    <p class="oom-verdict">
      <VerdictBadge verdict={verdict.verdict} />
      <span class="dim">
        {verdict.cause === 'unknown' ? '' : `cause: ${causeWords(verdict.cause)}; `}
        confidence: {confidence}
      </span>
    </p>
  )
}

/** Of the host's own: back to their list. */
function close(): void {
  closeLog()
  replaceQuery({ event: null })
}

function LogLine({ log, origin }: { readonly log: ReadLog; readonly origin: Origin }) {
  const isHost = origin === 'host'
  return (
    <div class="toolbar oom-log">
      <b>{safeName(log.name)}</b>
      <span class="dim">
        {formatBytes(log.bytes)}, {log.lines} {log.lines === 1 ? 'line' : 'lines'}
      </span>
      {isHost ? null : <ChooseButton word="Another log" />}
      <button type="button" class="quiet" onClick={close}>
        {isHost ? 'All OOMs' : 'Close'}
      </button>
      {isHost ? null : <small>{PRIVACY}</small>}
    </div>
  )
}

/** What the report could not say, since the log does not have it. */
function NotThere({ entry }: { readonly entry: Entry }) {
  const missing = missingWords(entry.explanation.report)
  if (missing.length === 0) return null
  return (
    <section class="panel" aria-labelledby="not-there-title" data-missing={missing.length}>
      <div class="panel-head">
        <h2 id="not-there-title">Not in the log</h2>
      </div>
      <p>The report is damaged or cut: what rests on these parts is not said.</p>
      <ul class="oom-missing">
        {missing.map((part) => (
          <li key={part}>{part}</li>
        ))}
      </ul>
    </section>
  )
}

function Report({ entry }: { readonly entry: Entry }) {
  const { explanation } = entry
  const { report } = explanation
  return (
    <>
      <div class="oom-columns">
        <Who explanation={explanation} />
        <div>
          <MemoryPicture explanation={explanation} />
          <Actions actions={explanation.actions} />
          <NotThere entry={entry} />
        </div>
      </div>
      {report.tasks.length === 0 ? null : <TaskTable explanation={explanation} />}
      <EvidenceDialog entry={entry} />
    </>
  )
}

function NoReport() {
  return (
    <div class="empty">
      <p>
        <b>No OOM report is in this log.</b>
      </p>
      <p>
        The kernel's log may begin later: <code>journalctl -k -b -1</code> is the boot before. In a
        container or guest it is the host that has it. A process that was killed without a report
        may have met systemd-oomd, earlyoom or a kubelet, which say so in the whole journal, not in
        the kernel's part.
      </p>
      <ChooseButton word="Choose another log" />
    </div>
  )
}

/** j and k go through the reports as they are listed. */
function useReportKeys(entries: readonly Entry[], current: Entry | undefined): void {
  useEffect(() => {
    const move = (step: number): unknown => {
      const at = current === undefined ? -1 : entries.indexOf(current)
      const next = entries[at + step]
      if (next === undefined) return false
      replaceHash(hashOf(next))
      return true
    }
    return onKeys({ j: () => move(1), k: () => move(-1) })
  }, [entries, current])
}

function Shown({
  log,
  origin,
  bootWallMs,
}: {
  readonly log: ReadLog
  readonly origin: Origin
  readonly bootWallMs: number | null
}) {
  const order = parseOrder(query.value)
  const entries = useMemo(() => orderEntries(log.entries, order), [log, order])
  const storms = useMemo(() => stormsOf(log.entries), [log])
  const current = findEntry(entries, hash.value)
  useReportKeys(entries, current)
  const storm = storms.find((each) => current !== undefined && each.entries.includes(current))
  return (
    <>
      <SentenceLine
        sentence={
          current === undefined
            ? { text: `No OOM in ${safeName(log.name)}`, tone: 'quiet' }
            : sayEntry(current)
        }
      />
      {current === undefined ? null : <VerdictLine entry={current} />}
      <LogLine log={log} origin={origin} />
      {log.error === null ? null : (
        <p class="failure" role="alert">
          <span aria-hidden="true">!</span> The log could not be read to its end:{' '}
          {safeName(log.error)}. What follows rests on the part before.
        </p>
      )}
      {current === undefined ? (
        <NoReport />
      ) : (
        <>
          {storm !== undefined && storm.entries.length > 1 ? (
            <StormPicture
              storm={storm}
              current={current}
              omitted={log.omitted}
              bootWallMs={bootWallMs}
            />
          ) : null}
          {entries.length > 1 ? (
            <ReportList
              entries={entries}
              current={current}
              order={order}
              omitted={log.omitted}
              bootWallMs={bootWallMs}
            />
          ) : null}
          <Report entry={current} />
        </>
      )}
    </>
  )
}

function Reading({
  name,
  bytes,
  progress,
}: {
  readonly name: string
  readonly bytes: number
  readonly progress: Progress
}) {
  return (
    <>
      <SentenceLine sentence={{ text: `Reading ${safeName(name)} …`, tone: 'quiet' }} />
      <section class="panel">
        <progress max={Math.max(1, bytes)} value={progress.readBytes} aria-label="Read" />
        <p class="note">
          {formatBytes(progress.readBytes)} of {formatBytes(bytes)}, {progress.reports} reports so
          far
        </p>
        <button type="button" onClick={close}>
          Cancel
        </button>
      </section>
    </>
  )
}

function Refused({
  name,
  origin,
  refusal,
}: {
  readonly name: string
  readonly origin: Origin
  readonly refusal: Refusal
}) {
  return (
    <>
      <SentenceLine sentence={{ text: `${safeName(name)} cannot be read`, tone: 'warn' }} />
      <p class="failure" role="alert">
        <span aria-hidden="true">!</span> {safeName(`${refusal.reason}. ${refusal.hint}`)}
      </p>
      {origin === 'host' ? <a href="/oom">All OOMs of this host</a> : <ChoosePanel />}
    </>
  )
}

/** What is known of the host; who has no session, or does not know yet, is asked for a log. */
function sayHost(answer: HostOomsAnswer | null, now: number): Sentence {
  if (answer?.kind !== 'read') {
    return { text: 'Who was killed for want of memory, and was it fair?', tone: 'quiet' }
  }
  const { kernelLog, ooms } = answer.value
  const [newest] = ooms
  if (newest !== undefined) {
    const [ago, what] = [formatAgo(newest.toMs, now), safeName(sayOom(newest))]
    return {
      text: `The last OOM of this host, ${ago}: ${what}`,
      tone: TONES[verdictOf(newest.first)],
    }
  }
  return kernelLog.isRead || kernelLog.path === null
    ? { text: 'No OOM on this host', tone: kernelLog.isRead ? 'good' : 'quiet' }
    : { text: "This host's OOMs cannot be seen", tone: 'warn' }
}

function Nothing({ answer }: { readonly answer: HostOomsAnswer | null }) {
  return (
    <>
      <SentenceLine sentence={sayHost(answer, nowMs.value)} />
      {answer === null ? null : <HostList answer={answer} />}
      <p class="oom-verdict oom-other">
        {answer === null
          ? PRIVACY
          : 'Of another machine? Its log is read in this browser. Nothing of it is sent anywhere.'}
      </p>
      <ChoosePanel />
    </>
  )
}

function State({ answer }: { readonly answer: HostOomsAnswer | null }) {
  const { value } = logState
  switch (value.kind) {
    case 'none':
      return <Nothing answer={answer} />
    case 'reading':
      return <Reading {...value} />
    case 'refused':
      return <Refused {...value} />
    case 'read':
      return <Shown {...value} />
  }
}

/** The address names an OOM of the host by its event; a log that a person chooses takes its place. */
function useNamedOom(answer: HostOomsAnswer | null): void {
  const id = query.value.get('event')
  const oom = answer?.kind === 'read' ? findOom(answer.value.ooms, id) : undefined
  const { value } = logState
  const isHost = value.kind !== 'none' && value.origin === 'host'
  const reports = oom?.events.length
  useEffect(() => {
    if (oom !== undefined) void openHostOom(oom)
  }, [oom?.first.id, reports])
  useEffect(() => {
    if (id === null && isHost) closeLog()
  }, [isHost, id])
}

export function OomPage() {
  const isOver = useDroppedLog()
  const answer = useHostOoms()
  useNamedOom(answer)
  return (
    <div class={isOver ? 'oom over' : 'oom'}>
      <State answer={answer} />
      {isOver ? (
        <p class="oom-over" aria-hidden="true">
          Drop the log
        </p>
      ) : null}
    </div>
  )
}
