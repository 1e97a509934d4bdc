/** @module A run of the model as bars: who runs, who stands still, and what the consoles print meanwhile. */
import { formatStall } from '../../core/console/model/explain.ts'
import type { Outcome, PrintedPart, ProcessOutcome } from '../../core/console/model/outcome.ts'
import type { ReportPart } from '../../core/console/records.ts'

const MAX_PROCESSES = 10
/** Bars that are longer than this share of the width hold their own words. */
const WORDS_SHARE = 0.08

const PART_WORDS: Readonly<Record<ReportPart, string>> = {
  header: 'header',
  stack: 'stack',
  'mem-info': 'memory',
  memcg: 'cgroup',
  'slab-table': 'slab',
  'task-table': 'tasks',
  summary: 'summary',
  kill: 'kill',
}

interface Window {
  readonly fromMs: number
  readonly toMs: number
}

/** From shortly before the first report to shortly after the last; `null` where nothing happens. */
function windowOf({ reports, processes }: Outcome): Window | null {
  const [first] = reports
  const last = reports.at(-1)
  if (first === undefined || last === undefined) return null
  const stalls = processes.flatMap((process) => process.stalls)
  const from = stalls.reduce((least, { fromMs }) => Math.min(least, fromMs), first.fromMs)
  const to = stalls.reduce((most, one) => Math.max(most, one.fromMs + one.lastedMs), last.toMs)
  const margin = Math.max(50, (to - from) * 0.05)
  return { fromMs: Math.max(0, from - margin), toMs: to + margin }
}

function Bar(props: {
  readonly window: Window
  readonly fromMs: number
  readonly toMs: number
  readonly kind: string
  readonly words: string
}) {
  const { window, fromMs, toMs, kind, words } = props
  const span = window.toMs - window.fromMs
  const share = (toMs - fromMs) / span
  const style = {
    left: `${((fromMs - window.fromMs) / span) * 100}%`,
    width: `max(2px, ${share * 100}%)`,
  }
  return (
    <span class={`run-bar ${kind}`} style={style} title={`${words}, ${formatStall(toMs - fromMs)}`}>
      {share > WORDS_SHARE ? words : ''}
    </span>
  )
}

function sayProcess({ stalls, killedAtMs }: ProcessOutcome): string {
  const waits = stalls.map(
    ({ fromMs, lastedMs }) => `stands still for ${formatStall(lastedMs)} at ${formatStall(fromMs)}`,
  )
  const ends = killedAtMs.map((atMs) => `killed at ${formatStall(atMs)}`)
  return [...waits, ...ends].join('; ') || 'runs'
}

function ProcessRow({
  process,
  window,
}: {
  readonly process: ProcessOutcome
  readonly window: Window
}) {
  const killedMs = process.killedAtMs[0]
  return (
    <li>
      <span class="run-name">{process.name}</span>
      <span class="track" role="img" aria-label={sayProcess(process)}>
        <Bar
          window={window}
          fromMs={window.fromMs}
          toMs={killedMs ?? window.toMs}
          kind="runs"
          words="runs"
        />
        {process.stalls.map(({ fromMs, lastedMs }) => (
          <Bar
            key={fromMs}
            window={window}
            fromMs={fromMs}
            toMs={fromMs + lastedMs}
            kind="waits"
            words={formatStall(lastedMs)}
          />
        ))}
        {killedMs === undefined ? null : (
          <span
            class="killed"
            style={{
              left: `${((killedMs - window.fromMs) / (window.toMs - window.fromMs)) * 100}%`,
            }}
            title={`killed at ${formatStall(killedMs)}`}
          >
            ×
          </span>
        )}
      </span>
    </li>
  )
}

function PrintedRow({
  name,
  parts,
  window,
}: {
  readonly name: string
  readonly parts: readonly PrintedPart[]
  readonly window: Window
}) {
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0)
  return (
    <li>
      <span class="run-name">{name}</span>
      <span class="track" role="img" aria-label={`prints ${bytes} bytes`}>
        {parts.map(({ part, fromMs, toMs }) => (
          <Bar
            key={fromMs}
            window={window}
            fromMs={fromMs}
            toMs={toMs}
            kind={`printed ${part}`}
            words={PART_WORDS[part]}
          />
        ))}
      </span>
    </li>
  )
}

export function RunPicture({ outcome }: { readonly outcome: Outcome }) {
  const window = windowOf(outcome)
  if (window === null) return <p class="empty">Memory does not run out: nothing is printed.</p>
  const isLeak = ({ role }: ProcessOutcome): number => (role === 'leaker' ? 1 : 0)
  const processes = outcome.processes.toSorted(
    (a, b) => isLeak(a) - isLeak(b) || b.longestStallMs - a.longestStallMs,
  )
  const parts = outcome.reports.flatMap((report) => report.parts)
  const left = processes.length - MAX_PROCESSES
  return (
    <>
      <ul class="run-rows">
        {processes.slice(0, MAX_PROCESSES).map((process) => (
          <ProcessRow key={process.name} process={process} window={window} />
        ))}
        {left > 0 ? <li class="dim">and {left} more</li> : null}
        {outcome.consoles.map(({ name }) => (
          <PrintedRow key={name} name={name} parts={parts} window={window} />
        ))}
        <li aria-hidden="true">
          <span class="run-name" />
          <span class="run-ends dim">
            <span>{formatStall(window.fromMs)}</span>
            <span>{formatStall(window.toMs)}</span>
          </span>
        </li>
      </ul>
      <ul class="legend">
        <li>
          <span class="key-bar runs" /> runs
        </li>
        <li>
          <span class="key-bar waits" /> stands still
        </li>
        <li>× killed</li>
        <li>
          <span class="key-bar printed task-table" /> printed
        </li>
      </ul>
    </>
  )
}
