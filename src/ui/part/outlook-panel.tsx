/** @module When it runs out: in words with the interval, and as a picture up to the limit. */
import { useMemo } from 'preact/hooks'
import { formatBytes, formatDuration, formatRate } from '../../base/format.ts'
import type { SubjectRow } from '../../core/wire/records.ts'
import { OutlookChart } from '../chart/outlook-chart.tsx'
import { subjectSeries } from '../chart/subject-columns.ts'
import type { Outlook } from '../chart/trend.ts'
import { outlookOf } from '../chart/trend.ts'
import { useHistory } from '../chart/use-history.ts'
import { limitWords, memoryKindOf } from '../say/subject.ts'
import { formatMoment } from '../say/time.ts'
import { intervalMs, live, nowMs } from '../store/connection.ts'
import { fetchHistory } from '../store/request.ts'
import { Ago } from './name.tsx'

const MINUTE_MS = 60_000

/** Nothing where the ends read alike: the figure itself says it. */
function sayRange(low: string, high: string): string {
  return low === high ? '' : `${low} to ${high}`
}

function sayInterval({ earliest, latest }: Outlook, now: number): string {
  if (earliest === null) return ''
  const from = formatMoment(earliest.wallMs, now)
  return latest === null
    ? `not before ${from}`
    : `between ${from} and ${formatMoment(latest.wallMs, now)}`
}

export function OutlookPanel({ row }: { readonly row: SubjectRow }) {
  const outlook = live.host === null ? null : outlookOf(row, live.host)
  return outlook === null ? null : <Shown row={row} outlook={outlook} />
}

function Shown({ row, outlook }: { readonly row: SubjectRow; readonly outlook: Outlook }) {
  const { verdict, limit } = row
  // From the onset; asked for anew each time that lies much further back.
  const lengthMs = outlook.now.wallMs - outlook.onset.wallMs
  const asked = MINUTE_MS * 2 ** Math.max(0, Math.ceil(Math.log2(lengthMs / MINUTE_MS)))
  const range = { kind: 'last', key: String(asked), lengthMs: asked } as const
  const { document } = useHistory(row.id, range, (span) => fetchHistory(row.id, span))
  const kind = memoryKindOf(row)
  const series = useMemo(
    () =>
      subjectSeries(
        row.kind,
        kind,
        document,
        [{ wallMs: outlook.now.wallMs, row }],
        intervalMs.value,
      ),
    [document, row, outlook.now.wallMs, kind],
  )
  const words = limit === null ? '' : limitWords(limit)
  const limitText = `${words}: ${formatBytes(outlook.limitBytes)}`
  const now = nowMs.value
  return (
    <section aria-labelledby="outlook-title" class="panel">
      <div class="panel-head">
        <h2 id="outlook-title">Outlook</h2>
      </div>
      <dl class="figures">
        <div class="figure">
          <dt>Runs out</dt>
          <dd>
            <b>in {formatDuration(verdict.etaSec)}</b>{' '}
            <small title={sayInterval(outlook, now)}>
              {formatMoment(outlook.end.wallMs, now)}, {sayInterval(outlook, now)}
            </small>
          </dd>
        </div>
        <div class="figure">
          <dt>Rate</dt>
          <dd>
            <b>{formatRate(verdict.rateBytesPerSec)}</b>{' '}
            <small>
              {sayRange(
                formatRate(verdict.rateLowBytesPerSec),
                formatRate(verdict.rateHighBytesPerSec),
              )}
            </small>
          </dd>
        </div>
        <div class="figure">
          <dt>Grows since</dt>
          <dd>
            <b>{formatMoment(outlook.onset.wallMs, now)}</b>{' '}
            <small>
              <Ago wallMs={outlook.onset.wallMs} />
            </small>
          </dd>
        </div>
        <div class="figure">
          <dt>Limit</dt>
          <dd>
            <b>{formatBytes(outlook.limitBytes)}</b> <small>{words}</small>
          </dd>
        </div>
      </dl>
      <OutlookChart
        outlook={outlook}
        kind={kind}
        limitWords={limitText}
        label={`Level since the growth began, its trend, and the limit that it reaches in ${formatDuration(verdict.etaSec)}`}
        wallMs={series.wallMs}
        levelBytes={series.levelBytes}
      />
    </section>
  )
}
