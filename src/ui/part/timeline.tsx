/** @module How a subject went: memory by kind with its trend and events, threads and descriptors. */
import { useMemo, useRef } from 'preact/hooks'
import type { SubjectId, SubjectRow } from '../../core/wire/records.ts'
import { RangeChoice } from '../chart/range.tsx'
import { CountChart, SubjectChart } from '../chart/subject-chart.tsx'
import type { SubjectPoint } from '../chart/subject-columns.ts'
import { subjectSeries } from '../chart/subject-columns.ts'
import { fitBounds, parseRange } from '../chart/time-range.ts'
import { outlookOf } from '../chart/trend.ts'
import { useHistory } from '../chart/use-history.ts'
import { limitWords, memoryKindOf } from '../say/subject.ts'
import { intervalMs, live, nowMs } from '../store/connection.ts'
import { query } from '../store/location.ts'
import { fetchHistory } from '../store/request.ts'
import { joinEvents } from './event-list.tsx'
import { Failure } from './states.tsx'

const MAX_TICKS = 900

/** The subject at each tick since the page was opened. */
function useTicks(row: SubjectRow | undefined): readonly SubjectPoint[] {
  const ticks = useRef<SubjectPoint[]>([])
  const wallMs = live.host?.wallMs ?? 0
  if (row !== undefined && wallMs > (ticks.current.at(-1)?.wallMs ?? 0)) {
    ticks.current = [...ticks.current.slice(-MAX_TICKS), { wallMs, row }]
  }
  return ticks.current
}

export function Timeline({ row, id }: { readonly row: SubjectRow; readonly id: SubjectId }) {
  const isThere = live.rows.has(id)
  const ticks = useTicks(isThere ? row : undefined)
  const range = parseRange(query.value)
  const recorded = useHistory(id, range, (span) => fetchHistory(id, span))
  const { document } = recorded
  const kind = memoryKindOf(row)
  const series = useMemo(
    () => subjectSeries(row.kind, kind, document, ticks, intervalMs.value),
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
