/** @module An OOM of any machine explained: a log is dropped, and read in this browser alone. */
import { useEffect, useMemo } from 'preact/hooks'
import { formatBytes } from '../../base/format.ts'
import type { VerdictClass } from '../../core/oom/verdict.ts'
import { sentence } from '../../core/oom/words.ts'
import { Actions } from '../oom/actions.tsx'
import { ChooseButton, ChoosePanel, useDroppedLog } from '../oom/choose-log.tsx'
import { findEntry, hashOf, orderEntries, parseOrder, stormsOf } from '../oom/choose-report.ts'
import { EvidenceDialog } from '../oom/evidence.tsx'
import { closeLog, logState } from '../oom/log-store.ts'
import { MemoryPicture } from '../oom/memory-picture.tsx'
import type { Entry, Progress, ReadLog, Refusal } from '../oom/read-log.ts'
import { ReportList, StormPicture } from '../oom/reports.tsx'
import { TaskTable } from '../oom/task-table.tsx'
import { VerdictBadge } from '../oom/verdict-badge.tsx'
import { Who } from '../oom/who.tsx'
import { SentenceLine } from '../part/sentence-line.tsx'
import type { Sentence } from '../say/sentence.ts'
import { safeName } from '../say/subject.ts'
import { hash, query, replaceHash } from '../store/location.ts'
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
      <VerdictBadge explanation={explanation} />
      <span class="dim">
        {verdict.cause === 'unknown' ? '' : `cause: ${verdict.cause}, `}confidence: {confidence}
      </span>
    </p>
  )
}

function LogLine({ log }: { readonly log: ReadLog }) {
  return (
    <div class="toolbar oom-log">
      <b>{safeName(log.name)}</b>
      <span class="dim">
        {formatBytes(log.bytes)}, {log.lines} {log.lines === 1 ? 'line' : 'lines'}
      </span>
      <ChooseButton word="Another log" />
      <button type="button" class="quiet" onClick={closeLog}>
        Close
      </button>
      <small>{PRIVACY}</small>
    </div>
  )
}

/** What the report could not say, since the log does not have it. */
function NotThere({ entry }: { readonly entry: Entry }) {
  const { missing } = entry.explanation.report
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

function Shown({ log }: { readonly log: ReadLog }) {
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
      <LogLine log={log} />
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
            <StormPicture storm={storm} current={current} omitted={log.omitted} />
          ) : null}
          {entries.length > 1 ? (
            <ReportList entries={entries} current={current} order={order} omitted={log.omitted} />
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
        <button type="button" onClick={closeLog}>
          Cancel
        </button>
      </section>
    </>
  )
}

function Refused({ name, refusal }: { readonly name: string; readonly refusal: Refusal }) {
  return (
    <>
      <SentenceLine sentence={{ text: `${safeName(name)} cannot be read`, tone: 'warn' }} />
      <p class="failure" role="alert">
        <span aria-hidden="true">!</span> {refusal.reason}. {refusal.hint}
      </p>
      <ChoosePanel />
    </>
  )
}

function State() {
  const { value } = logState
  switch (value.kind) {
    case 'none':
      return (
        <>
          <SentenceLine
            sentence={{
              text: 'Who was killed for want of memory, and was it fair?',
              tone: 'quiet',
            }}
          />
          <p class="oom-verdict">{PRIVACY}</p>
          <ChoosePanel />
        </>
      )
    case 'reading':
      return <Reading {...value} />
    case 'refused':
      return <Refused {...value} />
    case 'read':
      return <Shown log={value.log} />
  }
}

export function OomPage() {
  const isOver = useDroppedLog()
  return (
    <div class={isOver ? 'oom over' : 'oom'}>
      <State />
      {isOver ? (
        <p class="oom-over" aria-hidden="true">
          Drop the log
        </p>
      ) : null}
    </div>
  )
}
