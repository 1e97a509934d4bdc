/** @module The freeze to play with: sliders, who stands still, who is waited for, and what helps. */
import { useEffect, useMemo } from 'preact/hooks'
import { basisOf } from '../../core/console/model/basis.ts'
import type { Chosen, HostFigures } from '../../core/console/model/choose.ts'
import {
  calmSentenceOf,
  formatStall,
  gravityOf,
  sayParts,
  sentenceOf,
} from '../../core/console/model/explain.ts'
import type { Outcome } from '../../core/console/model/outcome.ts'
import type { RemedyRow } from '../../core/console/model/remedies.ts'
import { compareRemedies, REMEDIES } from '../../core/console/model/remedies.ts'
import type { Setting } from '../../core/console/model/setting.ts'
import { simulate } from '../../core/console/model/simulate.ts'
import { PrintkFlow } from '../part/printk-flow.tsx'
import { RunPicture } from '../part/run-picture.tsx'
import { SentenceLine } from '../part/sentence-line.tsx'
import type { Base, ConsoleState, ConsoleValues, StateKey } from '../say/console-state.ts'
import {
  baseChange,
  choiceOf,
  parseBase,
  parseConsoleState,
  queryChange,
  stepsOf,
  valuesOf,
} from '../say/console-state.ts'
import type { Sentence } from '../say/sentence.ts'
import { safeName } from '../say/subject.ts'
import { formatAgo } from '../say/time.ts'
import { nowMs } from '../store/connection.ts'
import type { ConsoleHost } from '../store/console-host.ts'
import { askForConsoleHost, consoleHost } from '../store/console-host.ts'
import { navigate, query, queryHref, replaceQuery } from '../store/location.ts'

const SLIDERS: readonly (readonly [key: StateKey, word: string])[] = [
  ['tasks', 'tasks'],
  ['baud', 'baud'],
  ['consoles', 'serial consoles'],
  ['leakers', 'leaking processes'],
  ['containers', 'containers at their limit'],
]
const CHOICES: readonly (readonly [key: StateKey, word: string])[] = [
  ['printk', 'kernel.printk'],
  ['kernel', 'Linux'],
]

interface ControlProps {
  readonly name: StateKey
  readonly word: string
  readonly own: ConsoleValues
  readonly state: ConsoleState
}

function Slider({ name, word, own, state }: ControlProps) {
  const steps = stepsOf(name, own)
  const value = state.values[name]
  return (
    <label class="slider">
      <span>
        {word} <b>{value}</b>
      </span>
      <input
        type="range"
        name={name}
        min="0"
        max={steps.length - 1}
        step="1"
        value={steps.indexOf(value)}
        aria-valuetext={`${value} ${word}`}
        onInput={(event) => {
          const chosen = steps[Number(event.currentTarget.value)]
          if (chosen !== undefined) replaceQuery(queryChange(name, chosen, own))
        }}
      />
    </label>
  )
}

function Choice({ name, word, own, state }: ControlProps) {
  return (
    <label class="slider">
      <span>{word}</span>
      <select
        name={name}
        value={state.values[name]}
        onChange={(event) => replaceQuery(queryChange(name, event.currentTarget.value, own))}
      >
        {stepsOf(name, own).map((value) => (
          <option key={value} value={value}>
            {safeName(value)}
          </option>
        ))}
      </select>
    </label>
  )
}

const TONES = { none: 'good', short: 'warn', unknown: 'quiet', long: 'bad' } as const

/** Of a machine as it was read, with nothing changed: of it alone it can be said that it is safe. */
function isCalm(setting: Setting, outcome: Outcome): boolean {
  return gravityOf(setting, outcome) === 'none' && outcome.reports.length > 0
}

function sayOutcome(setting: Setting, outcome: Outcome, isSafe: boolean): Sentence {
  const text = isSafe ? calmSentenceOf(setting, outcome) : sentenceOf(setting, outcome)
  return { text: safeName(text.replace(/\.$/, '')), tone: TONES[gravityOf(setting, outcome)] }
}

/** Of which machine this is, and the way to the other. */
function MachineLine({
  base,
  host,
  chosen,
}: {
  readonly base: Base
  readonly host: ConsoleHost
  readonly chosen: Chosen
}) {
  const isHost = base === 'host' && host.kind === 'read'
  const doubts = isHost
    ? host.doubts.filter(({ about }) => chosen.from[about] === 'host').map(({ text }) => text)
    : []
  const other: Base = base === 'host' ? 'incident' : 'host'
  return (
    <div class="machine" data-machine={isHost ? 'host' : 'incident'}>
      <p class="note">
        {isHost ? (
          <>
            <b>This host</b>, as <code>plimsoll doctor</code> reads it,{' '}
            {formatAgo(host.readWallMs, nowMs.value)}, and what would come of a leak.{' '}
            {[...basisOf(chosen), ...doubts].map(safeName).join(' ')}
          </>
        ) : (
          <>
            <b>A lesson, not this host</b>: the incident that Plimsoll exists for.{' '}
            {basisOf(chosen).map(safeName).join(' ')}
          </>
        )}
        {base === 'host' && host.kind === 'failed'
          ? ` This host's own figures are not here: ${safeName(host.reason)}.`
          : ''}
      </p>
      {base === 'host' && host.kind === 'failed' ? null : (
        <button type="button" onClick={() => navigate(queryHref(baseChange(other)))}>
          {other === 'host' ? "This host's own figures" : "Load the lesson's incident"}
        </button>
      )}
    </div>
  )
}

function Remedies({
  rows,
  state,
}: {
  readonly rows: readonly RemedyRow[]
  readonly state: ConsoleState
}) {
  return (
    <ul class="remedies">
      {rows.map((row) => (
        <li key={row.id} data-remedy={row.id}>
          <a
            href={queryHref({ remedy: row.id === 'none' ? null : row.id })}
            aria-current={state.remedy === row.id ? 'true' : undefined}
          >
            {row.name}
          </a>
          <b class="num">{formatStall(row.longestStallMs)}</b>
          <small>
            on the console: {sayParts(row.keeps)}. Lost: {row.loses}.
          </small>
        </li>
      ))}
    </ul>
  )
}

function Machine({ base, host }: { readonly base: Base; readonly host: ConsoleHost }) {
  const figures: HostFigures | null = base === 'host' && host.kind === 'read' ? host.figures : null
  const own = useMemo(() => valuesOf(figures), [figures])
  const state = parseConsoleState(query.value, own)
  const machine = Object.values(state.values).join()
  const chosen = useMemo(() => choiceOf(figures, own, state), [figures, machine])
  const { setting } = chosen
  const rows = useMemo(() => compareRemedies(setting), [setting])
  const changed = useMemo(() => REMEDIES[state.remedy].apply(setting), [setting, state.remedy])
  const outcome = useMemo(() => simulate(changed), [changed])
  const isAsRead =
    figures !== null && state.remedy === 'none' && machine === Object.values(own).join()
  const isSafe = isAsRead && isCalm(changed, outcome)
  return (
    <>
      <SentenceLine sentence={sayOutcome(changed, outcome, isSafe)} />
      <MachineLine base={base} host={host} chosen={chosen} />
      <form class="panel sliders" aria-label="The machine" onSubmit={(e) => e.preventDefault()}>
        {SLIDERS.map(([name, word]) => (
          <Slider key={name} name={name} word={word} own={own} state={state} />
        ))}
        {CHOICES.map(([name, word]) => (
          <Choice key={name} name={name} word={word} own={own} state={state} />
        ))}
      </form>
      <section class="panel" aria-labelledby="run-title">
        <div class="panel-head">
          <h2 id="run-title">Who stands still</h2>
          <small>{REMEDIES[state.remedy].name}</small>
        </div>
        <RunPicture outcome={outcome} />
      </section>
      <section class="panel" aria-labelledby="remedies-title">
        <div class="panel-head">
          <h2 id="remedies-title">What helps</h2>
          <small>longest time that anybody stands still</small>
        </div>
        {isSafe ? (
          <p class="empty small">
            Nothing has to change here. The sliders show what would: a serial console, a slower
            line.
          </p>
        ) : (
          <Remedies rows={rows} state={state} />
        )}
      </section>
      <section class="panel" aria-labelledby="flow-title">
        <div class="panel-head">
          <h2 id="flow-title">One producer, many consumers</h2>
          <small>of one report</small>
        </div>
        <PrintkFlow setting={changed} />
      </section>
    </>
  )
}

export function ConsolePage() {
  useEffect(() => void askForConsoleHost(), [])
  const base = parseBase(query.value)
  const host = consoleHost.value
  if (base === 'host' && host.kind === 'asked') {
    return (
      <h1 class="sentence quiet" aria-busy="true">
        Reading this host's consoles
      </h1>
    )
  }
  return <Machine key={base} base={base} host={host} />
}
