/** @module The report's task table: sortable, and only the rows in sight are made. */
import { useMemo, useRef } from 'preact/hooks'
import { formatBytes } from '../../base/format.ts'
import type { Explanation } from '../../core/oom/explain.ts'
import type { TaskRow } from '../../core/oom/records.ts'
import { Name } from '../part/name.tsx'
import { sayCount } from '../say/sentence.ts'
import { query, replaceQuery } from '../store/location.ts'
import { useRowWindow } from '../table/window.ts'
import type { Choice, Column } from './choose-tasks.ts'
import { COLUMNS, chooseTasks, figureOf, isSplit, parseTaskChoice } from './choose-tasks.ts'
import { LineLink } from './evidence.tsx'

/** As in the style sheet. */
const ROW_PX = 30

const WORDS: Readonly<Record<Column, string>> = {
  name: 'Process',
  pid: 'pid',
  memory: 'Memory',
  anon: 'anonymous',
  file: 'file',
  shmem: 'shared',
  swap: 'swap',
  tables: 'page tables',
  adj: 'oom_score_adj',
}

/** Of a table whose resident memory is one figure. */
const WHOLE = { ...WORDS, anon: 'resident' }

function columnsOf({ report, pageKb }: Explanation): readonly Column[] {
  return COLUMNS.filter(
    (column) =>
      column === 'name' || report.tasks.some((row) => figureOf(row, column, pageKb) !== null),
  )
}

function sortBy(column: Column, { sort, isReversed }: Choice): void {
  const reverse = column === sort && !isReversed ? '1' : null
  replaceQuery({ sort: column === 'memory' ? null : column, reverse })
}

function Heading({
  column,
  word,
  choice,
}: {
  readonly column: Column
  readonly word: string
  readonly choice: Choice
}) {
  const isSorted = choice.sort === column
  const isRising = (column === 'name' || column === 'pid') !== choice.isReversed
  const order = !isSorted ? 'none' : isRising ? 'ascending' : 'descending'
  return (
    <th class={`t-${column} ${column === 'name' ? '' : 'num'}`} scope="col" aria-sort={order}>
      <button type="button" class="sort" onClick={() => sortBy(column, choice)}>
        {word}
        <span class="arrow" aria-hidden="true">
          {isSorted ? (isRising ? '▴' : '▾') : ''}
        </span>
      </button>
    </th>
  )
}

function cell(row: TaskRow, column: Exclude<Column, 'name'>, pageKb: number): string {
  const figure = figureOf(row, column, pageKb)
  if (figure === null) return '?'
  if (column === 'pid' || column === 'adj') return String(figure)
  if (figure === 0) return '0'
  return formatBytes(column === 'tables' ? figure : figure * pageKb * 1024)
}

interface Marks {
  readonly killed: ReadonlySet<number>
  readonly next: ReadonlySet<number>
  readonly asked: number | null
}

function marksOf({ report, nextVictims }: Explanation): Marks {
  return {
    killed: new Set(report.killed.map(({ pid }) => pid)),
    next: new Set(nextVictims.map(({ pid }) => pid)),
    asked: report.trigger?.pid ?? null,
  }
}

function Badges({ pid, marks }: { readonly pid: number; readonly marks: Marks }) {
  return (
    <>
      {marks.killed.has(pid) ? <span class="badge bad">killed</span> : null}
      {marks.asked === pid ? <span class="badge">asked</span> : null}
      {marks.next.has(pid) ? <span class="badge">next</span> : null}
    </>
  )
}

interface RowProps {
  readonly row: TaskRow
  /** From 0, among all rows. */
  readonly index: number
  readonly columns: readonly Column[]
  readonly marks: Marks
  /** Of the row that has the most. */
  readonly most: number
  readonly pageKb: number
}

function Row({ row, index, columns, marks, most, pageKb }: RowProps) {
  return useMemo(
    () => (
      <tr
        class={`row ${marks.killed.has(row.pid) ? 'killed-row' : ''}`}
        data-pid={row.pid}
        aria-rowindex={index + 2}
      >
        {columns.map((column) =>
          column === 'name' ? (
            <th key={column} class="t-name" scope="row">
              <Name text={row.comm} /> <Badges pid={row.pid} marks={marks} />
            </th>
          ) : (
            <td key={column} class={`t-${column} num`}>
              {column === 'memory' ? (
                <span
                  class="share"
                  style={{ width: `${((figureOf(row, column, pageKb) ?? 0) / most) * 100}%` }}
                />
              ) : null}
              {cell(row, column, pageKb)}
            </td>
          ),
        )}
        <td class="t-line num">
          <LineLink line={row.line} isBare />
        </td>
      </tr>
    ),
    [row, index, columns, marks, most, pageKb],
  )
}

function Spacer({ rows, columns }: { readonly rows: number; readonly columns: number }) {
  return rows === 0 ? null : (
    <tr class="spacer" style={{ height: `${rows * ROW_PX}px` }}>
      <td colSpan={columns} />
    </tr>
  )
}

export function TaskTable({ explanation }: { readonly explanation: Explanation }) {
  const { report, pageKb } = explanation
  const params = query.value
  const choice = useMemo(() => parseTaskChoice(params), [params])
  const columns = useMemo(() => columnsOf(explanation), [explanation])
  const marks = useMemo(() => marksOf(explanation), [explanation])
  const rows = useMemo(() => chooseTasks(report, choice, pageKb), [report, choice])
  const most = useMemo(
    () => report.tasks.reduce((max, row) => Math.max(max, figureOf(row, 'memory', pageKb) ?? 0), 1),
    [report],
  )
  const body = useRef<HTMLTableSectionElement>(null)
  const { first, end } = useRowWindow(body, ROW_PX, rows.length)
  const words = isSplit(report) ? WORDS : WHOLE
  return (
    <section class="panel" aria-labelledby="tasks-title">
      <div class="panel-head">
        <h2 id="tasks-title">Tasks</h2>
        <label class="search oom-search">
          <span class="unseen">Search the tasks</span>
          <input
            id="search"
            type="search"
            placeholder="Search: name, pid"
            value={choice.search}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => replaceQuery({ q: event.currentTarget.value })}
          />
          <span class="key" aria-hidden="true">
            /
          </span>
        </label>
        <small role="status">
          {sayCount(rows.length, report.tasks.length, report.tasks.length === 1 ? 'task' : 'tasks')}
        </small>
      </div>
      <table class="tasks" aria-label="Tasks of the report" aria-rowcount={rows.length + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Heading key={column} column={column} word={words[column]} choice={choice} />
            ))}
            <th class="t-line num" scope="col">
              line
            </th>
          </tr>
        </thead>
        <tbody ref={body}>
          <Spacer rows={first} columns={columns.length + 1} />
          {rows.slice(first, end).map((row, i) => (
            <Row
              key={row.line}
              row={row}
              index={first + i}
              columns={columns}
              marks={marks}
              most={most}
              pageKb={pageKb}
            />
          ))}
          <Spacer rows={rows.length - end} columns={columns.length + 1} />
        </tbody>
      </table>
    </section>
  )
}
