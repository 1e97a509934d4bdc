/** @module The table of subjects: worst first or as sorted, only the rows in sight are made. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { SubjectId, SubjectRow } from '../../core/wire/records.ts'
import { live, nowMs } from '../store/connection.ts'
import { markOf } from '../store/live.ts'
import { queryHref } from '../store/location.ts'
import { isNarrow } from '../store/narrow.ts'
import { onKeys } from '../store/shortcuts.ts'
import type { Choice, SortKey } from './choose-rows.ts'
import { Row } from './row.tsx'
import { useRowWindow } from './window.ts'

/** As in the style sheet. */
const ROW_PX = 44
const NARROW_ROW_PX = 104
/** What covers the upper edge of what is in sight: the page's header and the table's. */
const HEAD_PX = 80

interface Column {
  readonly className: string
  readonly word: string
  readonly sort: SortKey | null
}

const COLUMNS: readonly Column[] = [
  { className: 'c-state', word: 'State', sort: 'worst' },
  { className: 'c-name', word: 'Who', sort: 'name' },
  { className: 'c-memory', word: 'Memory', sort: 'memory' },
  { className: 'c-size num', word: 'Size', sort: 'size' },
  { className: 'c-rate num', word: 'Rate', sort: 'rate' },
  { className: 'c-left num', word: 'Time left', sort: 'left' },
  { className: 'c-spark', word: 'Trend', sort: null },
  { className: 'c-reason', word: 'Why', sort: null },
]

/** What a first click puts the least of first: the rest has the most first. */
const RISING: readonly SortKey[] = ['name', 'memory', 'left']

function Heading({ column, choice }: { readonly column: Column; readonly choice: Choice | null }) {
  const { className, word, sort } = column
  if (sort === null || choice === null) {
    return (
      <th class={className} scope="col">
        {word}
      </th>
    )
  }
  const isSorted = choice.sort === sort
  const isDown = isSorted && RISING.includes(sort) === choice.isReversed
  const order = !isSorted ? 'none' : isDown ? 'descending' : 'ascending'
  return (
    <th class={className} scope="col" aria-sort={order}>
      <a href={queryHref({ sort, reverse: isSorted && !choice.isReversed ? '1' : null })}>
        {word}
        <span class="arrow" aria-hidden="true">
          {isSorted ? (isDown ? '▾' : '▴') : ''}
        </span>
      </a>
    </th>
  )
}

/** Keeps the row that the keyboard is at in sight and focused, also where the order changes. */
function useKeyboard(rows: readonly SubjectRow[], rowPx: number) {
  const body = useRef<HTMLTableSectionElement>(null)
  const [current, setCurrent] = useState<SubjectId | null>(null)
  const at = useRef(current)
  const hasFocus = useRef(false)
  const known = useRef(rows)
  known.current = rows

  useEffect(() => {
    const move = (step: number): void => {
      const { current: all } = known
      const from = all.findIndex(({ id }) => id === at.current)
      const to = from < 0 ? 0 : Math.min(all.length - 1, Math.max(0, from + step))
      const rowTop = (body.current?.getBoundingClientRect().top ?? 0) + to * rowPx
      if (rowTop < HEAD_PX || rowTop + rowPx > innerHeight) {
        scrollBy({ top: rowTop - innerHeight / 2 })
      }
      hasFocus.current = true
      at.current = all[to]?.id ?? null
      setCurrent(at.current)
    }
    return onKeys({
      j: () => move(1),
      k: () => move(-1),
      ArrowDown: () => body.current?.contains(document.activeElement) === true && move(1),
      ArrowUp: () => body.current?.contains(document.activeElement) === true && move(-1),
    })
  }, [rowPx])

  // A row that moves in the document loses the focus: it gets it back.
  useLayoutEffect(() => {
    if (!hasFocus.current || current === null) return
    const { activeElement } = document
    if (activeElement !== document.body && !body.current?.contains(activeElement)) {
      hasFocus.current = false
      return
    }
    const row = body.current?.querySelector(`tr[data-id="${CSS.escape(current)}"] a`)
    if (row instanceof HTMLElement && row !== activeElement) row.focus({ preventScroll: true })
  })
  return {
    body,
    currentId: rows.some(({ id }) => id === current) ? current : (rows[0]?.id ?? null),
  }
}

function Spacer({ rows, rowPx }: { readonly rows: number; readonly rowPx: number }) {
  return rows === 0 ? null : (
    <tr class="spacer" style={{ height: `${rows * rowPx}px` }}>
      <td colSpan={COLUMNS.length} />
    </tr>
  )
}

export function SubjectTable({
  rows,
  choice,
  label,
}: {
  readonly rows: readonly SubjectRow[]
  /** `null`: the order is given and cannot be changed. */
  readonly choice: Choice | null
  readonly label: string
}) {
  const rowPx = isNarrow.value ? NARROW_ROW_PX : ROW_PX
  const { body, currentId } = useKeyboard(rows, rowPx)
  const { first, end } = useRowWindow(body, rowPx, rows.length)
  // To the minute: the only moment that the rows themselves depend on is when a mark expires.
  const minuteMs = Math.floor(nowMs.value / 60_000) * 60_000
  return (
    <table class="subjects" aria-label={label} aria-rowcount={rows.length + 1}>
      <thead>
        <tr aria-rowindex={1}>
          {COLUMNS.map((column) => (
            <Heading key={column.word} column={column} choice={choice} />
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        <Spacer key="above" rows={first} rowPx={rowPx} />
        {rows.slice(first, end).map((row, i) => (
          <Row
            key={row.id}
            row={row}
            mark={markOf(live, row.id, minuteMs)}
            index={first + i}
            isCurrent={row.id === currentId}
          />
        ))}
        <Spacer key="below" rows={rows.length - end} rowPx={rowPx} />
      </tbody>
    </table>
  )
}
