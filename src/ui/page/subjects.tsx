/** @module Tables of subjects: those that grow, worst first, and all of them. */

import type { LeakState } from '../../core/leak/records.ts'
import { LEAK_STATES } from '../../core/leak/records.ts'
import type { SubjectKind, SubjectRow } from '../../core/wire/records.ts'
import { SUBJECT_KINDS } from '../../core/wire/records.ts'
import { SentenceLine } from '../part/sentence-line.tsx'
import { Loading } from '../part/states.tsx'
import { foldStories } from '../say/fold-stories.ts'
import { sayCount } from '../say/sentence.ts'
import { KIND_WORDS, STATE_ORDER, STATE_WORDS } from '../say/subject.ts'
import { live, nowMs, version } from '../store/connection.ts'
import { isMarked } from '../store/live.ts'
import { query, queryHref, replaceQuery } from '../store/location.ts'
import type { Choice, SortKey } from '../table/choose-rows.ts'
import { chooseRows, parseChoice, SORT_KEYS } from '../table/choose-rows.ts'
import { SubjectTable } from '../table/table.tsx'
import { suspectSentence } from './host.tsx'

/** Shown on the suspects' page unless something is searched for: what grows or grew. */
const HAS_GROWN: Readonly<Record<LeakState, boolean>> = {
  confirmed: true,
  suspected: true,
  growing: true,
  harmless: true,
  steady: false,
  unknown: false,
}

const STATES = [...LEAK_STATES].sort((a, b) => STATE_ORDER[a] - STATE_ORDER[b])

function Search() {
  return (
    <label class="search">
      <span class="unseen">Search all processes, services and pools</span>
      <input
        id="search"
        type="search"
        placeholder="Search all: name, pid, unit, container"
        value={query.value.get('q') ?? ''}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => replaceQuery({ q: event.currentTarget.value })}
      />
      <span class="key" aria-hidden="true">
        /
      </span>
    </label>
  )
}

function KindChoice({ choice }: { readonly choice: Choice }) {
  return (
    <label class="kind-choice">
      <span class="unseen">Kind of subject</span>
      <select
        value={choice.kind ?? ''}
        onChange={(event) => replaceQuery({ kind: event.currentTarget.value })}
      >
        <option value="">every kind</option>
        {SUBJECT_KINDS.map((kind: SubjectKind) => (
          <option key={kind} value={kind}>
            {KIND_WORDS[kind][1]}
          </option>
        ))}
      </select>
    </label>
  )
}

const SORT_WORDS: Readonly<Record<SortKey, string>> = {
  worst: 'worst first',
  name: 'by name',
  memory: 'by kind of memory',
  size: 'largest first',
  rate: 'fastest first',
  left: 'soonest first',
}

/** Where the table has no headings to click, on a phone. */
function SortChoice({ choice }: { readonly choice: Choice }) {
  return (
    <label class="sort-choice">
      <span class="unseen">Order</span>
      <select
        value={choice.sort}
        onChange={(event) => replaceQuery({ sort: event.currentTarget.value, reverse: null })}
      >
        {SORT_KEYS.map((key) => (
          <option key={key} value={key}>
            {SORT_WORDS[key]}
          </option>
        ))}
      </select>
    </label>
  )
}

function StateChoice({
  choice,
  counts,
}: {
  readonly choice: Choice
  readonly counts: ReadonlyMap<LeakState, number>
}) {
  return (
    <nav class="chips" aria-label="State">
      {STATES.map((state) => (
        <a
          key={state}
          class={counts.has(state) ? '' : 'none'}
          href={queryHref({ state: choice.state === state ? null : state })}
          aria-current={choice.state === state ? 'true' : undefined}
        >
          <span aria-hidden="true">{STATE_WORDS[state].shape}</span> {STATE_WORDS[state].word}{' '}
          <b>{counts.get(state) ?? 0}</b>
        </a>
      ))}
    </nav>
  )
}

function countStates(rows: Iterable<SubjectRow>): ReadonlyMap<LeakState, number> {
  const counts = new Map<LeakState, number>()
  for (const { verdict } of rows) counts.set(verdict.state, (counts.get(verdict.state) ?? 0) + 1)
  return counts
}

function NothingFound({ choice }: { readonly choice: Choice }) {
  const isFiltered = choice.search !== '' || choice.kind !== null || choice.state !== null
  if (isFiltered) {
    return (
      <p class="empty">
        Nothing matches.{' '}
        <a href={queryHref({ q: null, kind: null, state: null })}>Show without search and filter</a>
      </p>
    )
  }
  return (
    <div class="empty">
      <p>
        <b>Nothing grows.</b>
      </p>
      <p>
        All {live.rows.size} processes, services, cgroups, tmpfs mounts, slab caches and kernel
        pools are watched. What begins to grow appears here within seconds, with the reason when it
        proves harmless.
      </p>
      <p>
        <a href="/all">See everything that is watched</a>
      </p>
    </div>
  )
}

function Subjects({
  sort,
  isListed,
  label,
}: {
  readonly sort: SortKey
  /** Whether a row is shown while nothing is searched for and no state chosen. */
  readonly isListed: (row: SubjectRow) => boolean
  readonly label: string
}) {
  void version.value
  if (live.host === null) return <Loading what="Waiting for the first sample" />
  const choice = parseChoice(query.value, sort)
  const all = [...live.rows.values()]
  // Who searches, or asks for one kind, means each row by itself.
  const isPlain = choice.search === '' && choice.kind === null
  const told = isPlain && sort === 'worst' ? foldStories(all) : all
  const candidates = isPlain && choice.state === null ? told.filter(isListed) : told
  const marked = (row: SubjectRow) => isMarked(live, row, nowMs.value)
  const rows = chooseRows(candidates, choice, marked)
  return (
    <>
      <SentenceLine sentence={suspectSentence()} />
      <div class="toolbar">
        <Search />
        <KindChoice choice={choice} />
        <SortChoice choice={choice} />
        <StateChoice choice={choice} counts={countStates(told)} />
        <span class="count" role="status">
          {sayCount(rows.length, all.length, 'shown')}
          {live.rowsOmitted > 0 ? `, the ${live.rowsOmitted} smallest left out` : ''}
        </span>
      </div>
      {rows.length === 0 ? (
        <NothingFound choice={choice} />
      ) : (
        <SubjectTable rows={rows} choice={choice} label={label} />
      )}
    </>
  )
}

export function SuspectsPage() {
  return (
    <Subjects
      sort="worst"
      isListed={(row) => HAS_GROWN[row.verdict.state]}
      label="What grows or grew, worst first"
    />
  )
}

export function AllPage() {
  return <Subjects sort="size" isListed={() => true} label="Everything that is watched" />
}
