/** @module The freeze to play with: sliders, who stands still, who is waited for, and what helps. */
import { useMemo } from 'preact/hooks'
import { formatStall, sayParts, sentenceOf } from '../../core/console/model/explain.ts'
import type { Outcome } from '../../core/console/model/outcome.ts'
import type { RemedyRow } from '../../core/console/model/remedies.ts'
import { compareRemedies, REMEDIES } from '../../core/console/model/remedies.ts'
import type { Setting } from '../../core/console/model/setting.ts'
import { simulate } from '../../core/console/model/simulate.ts'
import { PrintkFlow } from '../part/printk-flow.tsx'
import { RunPicture } from '../part/run-picture.tsx'
import { SentenceLine } from '../part/sentence-line.tsx'
import type { ConsoleState, StateKey } from '../say/console-state.ts'
import { parseConsoleState, queryChange, STEPS, settingOfState } from '../say/console-state.ts'
import type { Sentence } from '../say/sentence.ts'
import { query, queryHref, replaceQuery } from '../store/location.ts'

/** From here on others notice: clusters, watchdogs, people. */
const WARN_MS = 100
const BAD_MS = 1000

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

function Slider({
  name,
  word,
  state,
}: {
  readonly name: StateKey
  readonly word: string
  readonly state: ConsoleState
}) {
  const steps: readonly string[] = STEPS[name]
  const value = state[name]
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
          if (chosen !== undefined) replaceQuery(queryChange(name, chosen))
        }}
      />
    </label>
  )
}

function Choice({
  name,
  word,
  state,
}: {
  readonly name: StateKey
  readonly word: string
  readonly state: ConsoleState
}) {
  return (
    <label class="slider">
      <span>{word}</span>
      <select
        name={name}
        value={state[name]}
        onChange={(event) => replaceQuery(queryChange(name, event.currentTarget.value))}
      >
        {STEPS[name].map((value) => (
          <option key={value} value={value}>
            {value}
          </option>
        ))}
      </select>
    </label>
  )
}

function sayOutcome(setting: Setting, outcome: Outcome): Sentence {
  const { longestStallMs } = outcome
  const text = sentenceOf(setting, outcome).replace(/\.$/, '')
  if (longestStallMs < WARN_MS) return { text, tone: 'good' }
  return { text, tone: longestStallMs < BAD_MS ? 'warn' : 'bad' }
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
            href={queryHref(queryChange('remedy', row.id))}
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

export function ConsolePage() {
  const state = parseConsoleState(query.value)
  const machine = Object.values({ ...state, remedy: '' }).join()
  const setting = useMemo(() => settingOfState(state), [machine])
  const rows = useMemo(() => compareRemedies(setting), [setting])
  const changed = useMemo(() => REMEDIES[state.remedy].apply(setting), [setting, state.remedy])
  const outcome = useMemo(() => simulate(changed), [changed])
  return (
    <>
      <SentenceLine sentence={sayOutcome(changed, outcome)} />
      <p class="note">
        A model of a machine that runs out of memory, not this host: <code>plimsoll simulate</code>{' '}
        starts from this one's figures.
      </p>
      <form class="panel sliders" aria-label="The machine" onSubmit={(e) => e.preventDefault()}>
        {SLIDERS.map(([name, word]) => (
          <Slider key={name} name={name} word={word} state={state} />
        ))}
        {CHOICES.map(([name, word]) => (
          <Choice key={name} name={name} word={word} state={state} />
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
        <Remedies rows={rows} state={state} />
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
