/** @module Small pieces that every page uses: a name, a state, a moment, a swatch. */
import type { MemoryKind } from '../../base/palette.ts'
import { MEMORY_COLOURS, STATE_COLOURS } from '../../base/palette.ts'
import type { LeakState } from '../../core/leak/records.ts'
import type { SubjectRow } from '../../core/wire/records.ts'
import { STATE_WORDS, safeName } from '../say/subject.ts'
import { formatAbsolute, formatAgo } from '../say/time.ts'
import { nowMs } from '../store/connection.ts'
import { subjectPath } from '../store/route.ts'
import { shadeOf } from '../store/theme.ts'

/** Untrusted text, with what could reorder or hide it shown escaped; kept apart from its line. */
export function Name({ text }: { readonly text: string }) {
  const shown = safeName(text)
  return (
    <bdi class="name" title={shown}>
      {shown}
    </bdi>
  )
}

/** A link to a row's page: name, and pid of a process. */
export function SubjectLink({
  row,
  tabIndex,
}: {
  readonly row: SubjectRow
  readonly tabIndex?: number
}) {
  return (
    <a class="subject" href={subjectPath(row.id)} {...(tabIndex === undefined ? {} : { tabIndex })}>
      <Name text={row.name} />
      {row.pid === null ? null : <span class="pid">{row.pid}</span>}
    </a>
  )
}

export function State({ state }: { readonly state: LeakState }) {
  const { word, shape } = STATE_WORDS[state]
  return (
    <span class="state" style={{ color: shadeOf(STATE_COLOURS[state]) }}>
      <span class="shape" aria-hidden="true">
        {shape}
      </span>
      {word}
    </span>
  )
}

/** How long ago, with the moment itself in the title. */
export function Ago({ wallMs }: { readonly wallMs: number }) {
  return (
    <time dateTime={new Date(wallMs).toISOString()} title={formatAbsolute(wallMs)}>
      {formatAgo(wallMs, nowMs.value)}
    </time>
  )
}

export function Swatch({ kind }: { readonly kind: MemoryKind }) {
  return (
    <span class="swatch" aria-hidden="true" style={{ background: shadeOf(MEMORY_COLOURS[kind]) }} />
  )
}

export function MemoryKindWord({ kind }: { readonly kind: MemoryKind }) {
  return (
    <span class="memory-kind">
      <Swatch kind={kind} />
      {MEMORY_COLOURS[kind].label}
    </span>
  )
}
