/** @module What a visitor without a session sees: totals, names and sizes, and how to log in. */
import type { ComponentChildren } from 'preact'
import { useRef } from 'preact/hooks'
import { formatBytes } from '../../base/format.ts'
import { MEMORY_COLOURS } from '../../base/palette.ts'
import type { HostRow } from '../../core/procfs/records.ts'
import type { PublicRow } from '../../core/wire/api.ts'
import { HOST_LAYERS } from '../chart/host-columns.ts'
import { HostFigures } from '../part/host-figures.tsx'
import { Name, Swatch } from '../part/name.tsx'
import { SentenceLine } from '../part/sentence-line.tsx'
import { Loading } from '../part/states.tsx'
import { sayCount, sayPublic } from '../say/sentence.ts'
import { live, session, version } from '../store/connection.ts'
import { query, replaceQuery } from '../store/location.ts'
import { shadeOf } from '../store/theme.ts'
import { useRowWindow } from '../table/window.ts'

const ROW_PX = 30

function MemoryBar({ host }: { readonly host: HostRow }) {
  const parts = HOST_LAYERS.map((layer) => ({ ...layer, bytes: layer.read(host) }))
  return (
    <section class="panel" aria-labelledby="memory-title">
      <div class="panel-head">
        <h2 id="memory-title">Memory</h2>
      </div>
      <div class="bar" aria-hidden="true">
        {parts.map(({ kind, label, bytes }) => (
          <span
            key={label}
            style={{ flexGrow: String(bytes), background: shadeOf(MEMORY_COLOURS[kind]) }}
          />
        ))}
      </div>
      <ul class="legend">
        {parts.map(({ kind, label, bytes }) => (
          <li key={label}>
            <Swatch kind={kind} /> {label} <b>{formatBytes(bytes)}</b>
          </li>
        ))}
      </ul>
    </section>
  )
}

function PublicTable({ rows }: { readonly rows: readonly PublicRow[] }) {
  const body = useRef<HTMLTableSectionElement>(null)
  const { first, end } = useRowWindow(body, ROW_PX, rows.length)
  return (
    <table class="public" aria-label="Processes, largest first" aria-rowcount={rows.length + 1}>
      <thead>
        <tr aria-rowindex={1}>
          <th scope="col">Process</th>
          <th scope="col" class="num">
            Size
          </th>
        </tr>
      </thead>
      <tbody ref={body}>
        {first === 0 ? null : (
          <tr style={{ height: `${first * ROW_PX}px` }}>
            <td colSpan={2} />
          </tr>
        )}
        {rows.slice(first, end).map((row, i) => (
          <tr key={first + i} class="row" aria-rowindex={first + i + 2}>
            <th scope="row">
              <Name text={row.name} />
            </th>
            <td class="num">{formatBytes(row.levelBytes)}</td>
          </tr>
        ))}
        {end === rows.length ? null : (
          <tr style={{ height: `${(rows.length - end) * ROW_PX}px` }}>
            <td colSpan={2} />
          </tr>
        )}
      </tbody>
    </table>
  )
}

function HowToLogIn({ children }: { readonly children: ComponentChildren }) {
  return (
    <section class="panel login" aria-labelledby="login-title">
      {children}
      <p>
        Open the one-time address that <code>plimsoll agent</code> printed at its start, or, once
        that was used, the one that this shows to who may read it:
      </p>
      <pre>{session.value?.loginCommand}</pre>
    </section>
  )
}

/** Beyond loopback. */
function ClosedPage() {
  return (
    <>
      <SentenceLine sentence={{ text: 'Log in to see this host', tone: 'quiet' }} />
      <HowToLogIn>
        <h2 id="login-title">Without a session nothing is shown here</h2>
      </HowToLogIn>
    </>
  )
}

export function PublicPage() {
  void version.value
  if (session.value?.access === 'none') return <ClosedPage />
  const { host, publicRows } = live
  if (host === null) return <Loading what="Waiting for the first sample" />
  const search = (query.value.get('q') ?? '').toLowerCase()
  const rows = publicRows.filter(({ name }) => name.toLowerCase().includes(search))
  return (
    <>
      <SentenceLine sentence={sayPublic(host)} />
      <HowToLogIn>
        <h2 id="login-title">You see what every visitor sees</h2>
        <p>
          Loopback is no authentication: any user of this machine reaches this page. Verdicts,
          history, arguments and everything that acts need a session.
        </p>
      </HowToLogIn>
      <HostFigures host={host} state={null} />
      <MemoryBar host={host} />
      <div class="toolbar">
        <label class="search">
          <span class="unseen">Search processes</span>
          <input
            id="search"
            type="search"
            placeholder="Search by name"
            value={query.value.get('q') ?? ''}
            onInput={(event) => replaceQuery({ q: event.currentTarget.value })}
          />
          <span class="key" aria-hidden="true">
            /
          </span>
        </label>
        <span class="count" role="status">
          {sayCount(rows.length, publicRows.length, 'processes')}
        </span>
      </div>
      <PublicTable rows={rows} />
    </>
  )
}
