/** @module One subject as a row of a table; made anew only when what it shows has changed. */
import { useMemo } from 'preact/hooks'
import { formatBytes, formatDuration, formatRate } from '../../base/format.ts'
import { explainReason } from '../../core/leak/explain.ts'
import type { Verdict } from '../../core/leak/records.ts'
import type { Mark, SubjectRow } from '../../core/wire/records.ts'
import { MemoryKindWord, Name, State, SubjectLink } from '../part/name.tsx'
import { Sparkline } from '../part/sparkline.tsx'
import { KIND_WORDS, memoryKindOf, safeName } from '../say/subject.ts'
import { formatAbsolute } from '../say/time.ts'
import { isDark } from '../store/theme.ts'

/** Where it belongs: under the name, so that twenty workers of one service are told apart. */
function Whereabouts({ row }: { readonly row: SubjectRow }) {
  const where = row.container ?? row.unit
  if (row.kind === 'process') {
    return where === null || where === row.name ? null : <Name text={where} />
  }
  const [one, many] = KIND_WORDS.process
  const members =
    row.processes === null ? '' : `, ${row.processes} ${row.processes === 1 ? one : many}`
  return (
    <>
      {KIND_WORDS[row.kind][0]}
      {members}
    </>
  )
}

function MarkBadge({ mark }: { readonly mark: Mark }) {
  const { comment, untilWallMs } = mark
  const end = untilWallMs === null ? 'until taken back' : `until ${formatAbsolute(untilWallMs)}`
  return (
    <span class="badge" title={comment === '' ? end : `${safeName(comment)} (${end})`}>
      {mark.mark}
    </span>
  )
}

/** A cgroup's usage is one figure, of which nobody says what it is made of. */
function isMixed(row: SubjectRow): boolean {
  return row.kind === 'cgroup' && row.anonBytes === null
}

function interval(low: string, high: string): string {
  return low === high ? '' : `${low} to ${high}`
}

export function TimeLeft({ verdict }: { readonly verdict: Verdict }) {
  const { etaSec, etaLowSec, etaHighSec } = verdict
  if (etaSec === null) return null
  const high = etaHighSec === null ? 'never' : formatDuration(etaHighSec)
  return (
    <>
      <b>{formatDuration(etaSec)}</b>
      <small>{interval(formatDuration(etaLowSec), high)}</small>
    </>
  )
}

export interface RowProps {
  readonly row: SubjectRow
  readonly mark: Mark | null
  /** From 0, among all rows of the table. */
  readonly index: number
  readonly isCurrent: boolean
}

export function Row({ row, mark, index, isCurrent }: RowProps) {
  const dark = isDark.value
  return useMemo(() => {
    const { verdict } = row
    const reason = explainReason(verdict.reason, row.limit)
    return (
      <tr
        class={`row ${verdict.state}${mark === null ? '' : ' marked'}`}
        data-id={row.id}
        data-state={verdict.state}
        aria-rowindex={index + 2}
      >
        <td class="c-state">
          <State state={verdict.state} />
          {mark === null ? null : <MarkBadge mark={mark} />}
        </td>
        <th class="c-name" scope="row">
          <SubjectLink row={row} tabIndex={isCurrent ? 0 : -1} />
          <small>
            <Whereabouts row={row} />
          </small>
        </th>
        <td class="c-memory">
          {isMixed(row) ? 'all kinds' : <MemoryKindWord kind={memoryKindOf(row)} />}
        </td>
        <td class="c-size num">{formatBytes(row.levelBytes)}</td>
        <td class="c-rate num">
          {verdict.rateBytesPerSec === null ? null : formatRate(verdict.rateBytesPerSec)}
        </td>
        <td class="c-left num">
          <TimeLeft verdict={verdict} />
        </td>
        <td class="c-spark">
          <Sparkline row={row} />
        </td>
        <td class="c-reason" title={reason}>
          <span>{reason}</span>
        </td>
      </tr>
    )
  }, [row, mark, index, isCurrent, dark])
}
