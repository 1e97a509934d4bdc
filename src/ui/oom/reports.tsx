/** @module Several reports of one log: the list of them, and a storm's kills on one time axis. */
import { useMemo } from 'preact/hooks'
import { formatDuration } from '../../base/format.ts'
import { brief, storyline } from '../../core/oom/words.ts'
import { safeName } from '../say/subject.ts'
import { formatAbsolute } from '../say/time.ts'
import { hash, queryHref } from '../store/location.ts'
import type { LaneMark, Order, Storm } from './choose-report.ts'
import { axisOf, hashOf, lanesOf } from './choose-report.ts'
import type { Entry } from './read-log.ts'
import { VerdictBadge, verdictColour } from './verdict-badge.tsx'

/** Local time where it is known when the machine booted. */
function sayUptime(sec: number, bootWallMs: number | null): string {
  return bootWallMs === null
    ? `${sec.toFixed(1)} s`
    : formatAbsolute(bootWallMs + sec * 1_000).slice(11, 19)
}

function sayTime({ explanation: { report } }: Entry, bootWallMs: number | null): string {
  const { uptimeSec, firstLine } = report
  return uptimeSec === null ? `line ${firstLine}` : `at ${sayUptime(uptimeSec, bootWallMs)}`
}

function sayBegin(sec: number, bootWallMs: number | null): string {
  return `${sayUptime(sec, bootWallMs)}${bootWallMs === null ? ' after boot' : ''}`
}

function saySince(entry: Entry, from: number | null): string {
  const { uptimeSec } = entry.explanation.report
  return uptimeSec === null || from === null
    ? sayTime(entry, null)
    : `+${(uptimeSec - from).toFixed(1)} s`
}

function OrderChoice({ order }: { readonly order: Order }) {
  const orders: readonly (readonly [Order, string])[] = [
    ['time', 'in order'],
    ['worst', 'worst first'],
  ]
  return (
    <nav class="chips" aria-label="Order of the reports">
      {orders.map(([each, word]) => (
        <a
          key={each}
          href={queryHref({ order: each === 'time' ? null : each }) + hash.value}
          aria-current={each === order ? 'true' : undefined}
        >
          {word}
        </a>
      ))}
    </nav>
  )
}

function ReportRow({
  entry,
  isCurrent,
  bootWallMs,
}: {
  readonly entry: Entry
  readonly isCurrent: boolean
  readonly bootWallMs: number | null
}) {
  // Of thousands only two change when another is chosen.
  return useMemo(
    () => (
      <li>
        <a href={hashOf(entry)} aria-current={isCurrent ? 'true' : undefined}>
          <span class="when">{sayTime(entry, bootWallMs)}</span>
          <VerdictBadge verdict={entry.explanation.verdict.verdict} />
          <span class="what">{safeName(brief(entry.explanation))}</span>
        </a>
      </li>
    ),
    [entry, isCurrent],
  )
}

export function ReportList({
  entries,
  current,
  order,
  omitted,
  bootWallMs,
}: {
  readonly entries: readonly Entry[]
  readonly current: Entry
  readonly order: Order
  readonly omitted: number
  readonly bootWallMs: number | null
}) {
  return (
    <section class="panel" aria-labelledby="reports-title">
      <div class="panel-head">
        <h2 id="reports-title">{entries.length} reports</h2>
        <OrderChoice order={order} />
      </div>
      <ol class="oom-reports">
        {entries.map((entry) => (
          <ReportRow
            key={entry.explanation.report.firstLine}
            entry={entry}
            isCurrent={entry === current}
            bootWallMs={bootWallMs}
          />
        ))}
      </ol>
      {omitted === 0 ? null : (
        <p class="note">
          {omitted} more reports are in the log, too many for this page: plimsoll explain tells all.
        </p>
      )}
    </section>
  )
}

function KillMark({
  mark: { at, entry, kills },
  from,
  isCurrent,
}: {
  readonly mark: LaneMark
  readonly from: number | null
  readonly isCurrent: boolean
}) {
  const together = kills > 1 ? `, ${kills} kills here` : ''
  const words = `${safeName(brief(entry.explanation))}, ${saySince(entry, from)}${together}`
  return (
    <a
      class="kill-mark"
      href={hashOf(entry)}
      aria-current={isCurrent ? 'true' : undefined}
      title={words}
      style={{ left: `${at * 100}%`, background: verdictColour(entry.explanation.verdict.verdict) }}
    >
      <span class="unseen">{words}</span>
    </a>
  )
}

export function StormPicture({
  storm,
  current,
  omitted,
  bootWallMs,
}: {
  readonly storm: Storm
  readonly current: Entry
  /** Reports of the log that are not among those that are told. */
  readonly omitted: number
  readonly bootWallMs: number | null
}) {
  const { entries, story } = storm
  const axis = useMemo(() => axisOf(entries), [entries])
  const lanes = useMemo(() => lanesOf(entries, axis), [entries, axis])
  const isTimed = axis.unit === 'seconds'
  return (
    <section class="panel" aria-labelledby="storm-title">
      <div class="panel-head">
        <h2 id="storm-title">A storm</h2>
        <small>
          each mark is a kill; {isTimed ? 'by time' : 'by line of the log'}
          {omitted === 0 ? null : `; without the last ${omitted} reports of the log`}
        </small>
      </div>
      {storyline(story).map((text) => (
        <p key={text} class="oom-story">
          {safeName(text)}
        </p>
      ))}
      <ul class="run-rows oom-lanes">
        {lanes.map(({ name, kills, marks }) => (
          <li key={name}>
            <span class="run-name">
              {safeName(name)} <span class="dim">× {kills}</span>
            </span>
            <span class="track">
              {marks.map((mark) => (
                <KillMark
                  key={mark.at}
                  mark={mark}
                  from={isTimed ? axis.from : null}
                  isCurrent={mark.entry === current}
                />
              ))}
            </span>
          </li>
        ))}
      </ul>
      <div class="run-ends oom-ends dim">
        <span>{isTimed ? sayBegin(axis.from, bootWallMs) : `line ${axis.from}`}</span>
        <span>{isTimed ? `+${formatDuration(axis.to - axis.from)}` : `line ${axis.to}`}</span>
      </div>
    </section>
  )
}
