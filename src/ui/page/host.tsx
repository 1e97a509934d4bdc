/** @module The host: what leaks, where its memory is and how hard it is pressed. */
import { useMemo } from 'preact/hooks'
import type { HostRow } from '../../core/procfs/records.ts'
import type { HostHistoryDocument } from '../../core/wire/api.ts'
import { foldContainers } from '../../core/wire/fold-containers.ts'
import type { Event, SubjectRow } from '../../core/wire/records.ts'
import { HostChart } from '../chart/host-chart.tsx'
import { hostSeries } from '../chart/host-columns.ts'
import { RangeChoice } from '../chart/range.tsx'
import { fitBounds, parseRange } from '../chart/time-range.ts'
import type { Recorded } from '../chart/use-history.ts'
import { useHistory } from '../chart/use-history.ts'
import { EventList, joinEvents } from '../part/event-list.tsx'
import { HostFigures, KernelMemory } from '../part/host-figures.tsx'
import { MissingFigures } from '../part/missing.tsx'
import { SentenceLine } from '../part/sentence-line.tsx'
import { Failure, Loading } from '../part/states.tsx'
import { foldStories } from '../say/fold-stories.ts'
import { isSuspect, sayHost } from '../say/sentence.ts'
import { intervalMs, live, nowMs, version } from '../store/connection.ts'
import { isMarked } from '../store/live.ts'
import { query } from '../store/location.ts'
import { isNarrow } from '../store/narrow.ts'
import { fetchHostHistory } from '../store/request.ts'
import { chooseRows, parseChoice } from '../table/choose-rows.ts'
import { SubjectTable } from '../table/table.tsx'

const TEASER_ROWS = 6
const WORST_FIRST = parseChoice(new URLSearchParams(), 'worst')

/** How long the agent has watched; `null`: it has not said so yet. */
function watchedSec(): number | null {
  const { state, host } = live
  return state === null || host === null
    ? null
    : Math.max(0, (host.wallMs - state.startedWallMs) / 1_000)
}

/** Folded before any are left out for their mark: else their services took their place. */
function allSuspects(): SubjectRow[] {
  return foldContainers([...live.rows.values()].filter(isSuspect))
}

/** Worst first. */
export function unmarkedSuspects(): SubjectRow[] {
  return chooseRows(
    allSuspects().filter((row) => !isMarked(live, row, nowMs.value)),
    WORST_FIRST,
    () => false,
  )
}

export function suspectSentence() {
  const expected = allSuspects().filter(
    (row) => row.verdict.state === 'confirmed' && isMarked(live, row, nowMs.value),
  )
  return sayHost(unmarkedSuspects(), live.host, watchedSec(), expected.length)
}

function Teaser() {
  const worth = [...live.rows.values()].filter(
    (row) => isSuspect(row) || row.verdict.state === 'growing',
  )
  const rows = chooseRows(foldStories(worth), WORST_FIRST, (row) =>
    isMarked(live, row, nowMs.value),
  )
  return (
    <section aria-labelledby="suspects-title" class="panel">
      <div class="panel-head">
        <h2 id="suspects-title">Suspects</h2>
        <a href="/suspects">
          {rows.length > TEASER_ROWS ? `All ${rows.length} suspects` : 'To the suspects'}
        </a>
      </div>
      {rows.length === 0 ? (
        <p class="empty small">
          Nothing grows now. Watched are all processes, their services and cgroups, tmpfs, shared
          memory, slab caches and the kernel's own memory. <a href="/all">See all of them</a>
        </p>
      ) : (
        <SubjectTable rows={rows.slice(0, TEASER_ROWS)} choice={null} label="Worst suspects" />
      )}
    </section>
  )
}

function Memory({
  recorded,
  events,
}: {
  readonly recorded: Recorded<HostHistoryDocument>
  readonly events: readonly Event[]
}) {
  const range = parseRange(query.value)
  const { host } = live
  const { document, failure, isLoading } = recorded
  const series = useMemo(
    () => hostSeries(document, [...live.hosts], intervalMs.value),
    [document, host],
  )
  const bounds = fitBounds(range, host?.wallMs ?? nowMs.value, series.wallMs[0])
  const hasPoints = series.wallMs.some((ms) => ms >= bounds.fromMs && ms <= bounds.toMs)
  return (
    <section aria-labelledby="memory-title" class="panel" aria-busy={isLoading}>
      <div class="panel-head">
        <h2 id="memory-title">Memory</h2>
        <RangeChoice />
      </div>
      {failure === null ? null : <Failure failure={failure} what="The history" />}
      {hasPoints || isLoading ? (
        <HostChart
          series={series}
          bounds={bounds}
          events={events}
          heightPx={isNarrow.value ? 220 : 300}
        />
      ) : (
        <p class="empty">Nothing was recorded in this part of time.</p>
      )}
    </section>
  )
}

function Shown({ host }: { readonly host: HostRow }) {
  const recorded = useHistory('host', parseRange(query.value), fetchHostHistory)
  const events = joinEvents(recorded.document?.events ?? [], live.events)
  return (
    <>
      <SentenceLine sentence={suspectSentence()} />
      <HostFigures host={host} state={live.state} />
      <Memory recorded={recorded} events={events} />
      <Teaser />
      <EventList events={events} title="Events in this time" limit={5} />
      <KernelMemory host={host} />
      <MissingFigures />
    </>
  )
}

export function HostPage() {
  void version.value
  const { host } = live
  return host === null ? <Loading what="Waiting for the first sample" /> : <Shown host={host} />
}
