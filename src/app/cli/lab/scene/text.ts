/** @module A scene in words and lines: before it, what happens in it, and what it was. Pure. */
import type { Kernel } from '../../../../../lab/archive/kernels.ts'
import type { GuestEvent } from '../../../../../lab/machine/events.ts'
import type { Moment } from '../../../../../lab/scenarios/account.ts'
import type { Scenario } from '../../../../../lab/scenarios/scenario.ts'
import type { Kept, Outcome } from '../../../../../lab/scenarios/what-if.ts'
import { glyphsOf, type Line, type Look, type Style } from '../../watch/look.ts'
import { cutEnd, cutMiddle, padEnd, padStart, safeText, wrapText } from '../../watch/text.ts'
import type { SceneWish } from './flags.ts'
import { pictureLines } from './picture.ts'
import { isComplete, type PlayedScene, wasFelt } from './played.ts'
import { formatCount, formatSec, listWords, plural } from './words.ts'

const BOLD: Style = { isBold: true }
const DIM: Style = { isDim: true }
/** Of the time beside a line. */
const CLOCK = 10

function sentence(text: string, width: number, style: Style = {}): readonly Line[] {
  return wrapText(text, width).map((part) => [{ text: part, style }])
}

export function listLines(scenarios: readonly Scenario[], width: number): readonly Line[] {
  const column = Math.max(...scenarios.map(({ name }) => name.length)) + 4
  return [
    ...sentence(
      'Real kernels that run out of memory, each in an emulated machine of its own.',
      width,
    ),
    [],
    ...scenarios.flatMap(({ name, summary }): Line[] =>
      wrapText(summary, width - column).map((part, index) => [
        { text: padEnd(index === 0 ? `  ${name}` : '', column), style: BOLD },
        { text: part },
      ]),
    ),
    [],
    [
      {
        text: 'Begin with `plimsoll lab incident`. Of leaks themselves: `plimsoll lab leak`.',
      },
    ],
  ]
}

export function headLines(
  { summary }: Scenario,
  { memoryMib, tasks, baud, sysctls }: SceneWish,
  width: number,
): readonly Line[] {
  const set = Object.entries(sysctls).map(([name, value]) => `${name}=${value}`)
  const what = [
    `${memoryMib} MiB of memory`,
    plural(tasks, 'idle task'),
    `a serial console at ${formatCount(baud)} baud`,
    ...set,
  ]
  const guest = `An emulated machine with ${listWords(what)}. Nothing on this host is changed.`
  return [...sentence(summary, width, BOLD), ...sentence(guest, width), []]
}

export function clock(atMs: number | null): string {
  return padEnd(atMs === null ? '' : padStart(`${(atMs / 1000).toFixed(2)} s`, CLOCK - 2), CLOCK)
}

export function kernelLine({ release }: Kernel, tookMs: number): Line {
  return [
    { text: clock(null), style: DIM },
    { text: `kernel ${release} is at hand, after ${formatSec(tookMs)}` },
  ]
}

export function noteLine(text: string, atMs: number | null = null): Line {
  return [{ text: clock(atMs), style: DIM }, { text }]
}

const TABLE_ROW = /^\[ *\d+\.\d+\] \[ *\d+\] /
/** The header and the kill: what the rest of a report stands between. */
const LOUD = / invoked oom-killer: |Killed process \d+ \(/

/** A row of the task table has its name at the end; any other line says the most at its start. */
export function consoleLine(text: string, atMs: number, width: number, look: Look): Line {
  const { ellipsis } = glyphsOf(look)
  const bar = look.isUnicode ? '│ ' : '| '
  const left = Math.max(20, width - CLOCK - bar.length)
  const cut = TABLE_ROW.test(text) ? cutMiddle : cutEnd
  return [
    { text: clock(atMs) + bar, style: DIM },
    {
      text: cut(safeText(text, look.isUnicode), left, ellipsis),
      style: LOUD.test(text) ? BOLD : {},
    },
  ]
}

/** What an event means, `null` where it is told of otherwise. */
export function eventWords({ event, lastedMs }: GuestEvent, tasks: number): string | null {
  switch (event) {
    case 'booted':
      return 'booted'
    case 'leak':
      return `${plural(tasks, 'idle task')} started; the leak begins`
    case 'stall':
      return `others go on: they stood still for ${formatSec(Number(lastedMs))}`
    case 'over':
      return 'the scene is over; the kernel’s log is read'
    default:
      return null
  }
}

export interface LiveFigures {
  readonly baud: number
  readonly bytes: number
  /** Since the bystander was heard of last; `null` before it has begun. */
  readonly silentMs: number | null
}

/** A bystander says a word five times a second. */
const SILENT_FROM_MS = 600

export function statusLine({ baud, bytes, silentMs }: LiveFigures, look: Look): Line {
  const between = look.isUnicode ? ' · ' : ' | '
  const isSilent = silentMs !== null && silentMs >= SILENT_FROM_MS
  const others =
    silentMs === null
      ? []
      : [
          { text: between },
          isSilent
            ? { text: `others silent for ${(silentMs / 1000).toFixed(1)} s`, style: BOLD }
            : { text: 'others go on' },
        ]
  return [
    {
      text: `${clock(null)}${formatCount(baud)} baud${between}${formatCount(bytes)} bytes`,
      style: {},
    },
    ...others,
  ]
}

function endingWords({ account, scenario }: PlayedScene): string {
  const tookMs = formatSec(account.tookMs)
  switch (account.ending) {
    case 'timed-out':
      return `The scene was not over after ${tookMs}, and the machine was ended.`
    case 'interrupted':
      return `The machine was ended after ${tookMs}, before the scene was over.`
    case 'gone':
      return scenario.ooms.some(({ kind }) => kind === 'panic')
        ? `The kernel panicked, and the machine was gone after ${tookMs}.`
        : `The machine was gone after ${tookMs}, before the scene was over.`
    case 'played':
      return ''
  }
}

/** The conclusion, in one or two sentences. */
export function conclude(scene: PlayedScene): string {
  const { account, scenario, setting } = scene
  const ending = endingWords(scene)
  if (!isComplete(scene)) return ending
  const { wire, longestStallMs } = account
  const killed = listWords([...new Set(account.killed)])
  const until = killed === '' ? '' : ` before it killed ${killed}`
  const report = `the kernel printed ${plural(wire.bytes, 'byte')} of a report on a line of ${formatCount(setting.baud)} baud${until}`
  const felt = wasFelt(scene)
    ? `Whoever needed memory stood still for ${formatSec(longestStallMs)}: ${report}.`
    : `Nobody stood still for longer than ${formatSec(longestStallMs)}: ${report}.`
  const wronged = scenario.ooms.find(({ isInnocent }) => isInnocent)
  const innocent =
    wronged === undefined
      ? ''
      : `The killed process had no more than its share; the memory was with ${wronged.culprit ?? 'nobody'}.`
  return [ending, felt, innocent].filter((text) => text !== '').join(' ')
}

function momentWords({ what, name }: Moment): string {
  switch (what) {
    case 'booted':
      return 'booted'
    case 'leak':
      return 'the leak begins'
    case 'memory-gone':
      return `memory is gone; ${name ?? 'somebody'} calls the OOM killer`
    case 'report-begins':
      return 'the report’s first byte is on the line'
    case 'report-ends':
      return 'its last byte is on the line'
    case 'killed':
      return `${name ?? 'the victim'} is killed`
    case 'others-stop':
      return 'others stand still'
    case 'others-go-on':
      return 'others go on'
    case 'over':
      return 'the scene is over'
  }
}

function timeline(moments: readonly Moment[]): readonly Line[] {
  return moments.map((moment) => [
    {
      text: padEnd(padStart(`${(moment.atMs / 1000).toFixed(1)} s`, CLOCK - 2), CLOCK),
      style: DIM,
    },
    { text: momentWords(moment), style: moment.what.startsWith('others') ? BOLD : {} },
  ])
}

function figures({ account, setting }: PlayedScene): readonly Line[] {
  const { wire, table, longestStallMs } = account
  if (wire.bytes === 0) return []
  const row = (
    what: string,
    lines: string,
    bytes: string,
    time: string,
    style: Style = {},
  ): Line => [
    {
      text: `  ${padEnd(what, 32)}${padStart(lines, 8)}${padStart(bytes, 12)}${padStart(time, 10)}`,
      style,
    },
  ]
  const sec = (bytes: number): string => formatSec((bytes * 10_000) / setting.baud)
  const counted = (what: string, { lines, bytes }: typeof wire): Line =>
    row(what, formatCount(lines), formatCount(bytes), sec(bytes))
  const share = Math.round((table.bytes / wire.bytes) * 100)
  return [
    row('on the line', 'lines', 'bytes', 'time', DIM),
    counted('the report', wire),
    ...(table.lines > 0 ? [counted(`of it the task table (${share} %)`, table)] : []),
    row('others stood still', '', '', formatSec(longestStallMs)),
  ]
}

function keptWords({ hasHeader, hasKill, hasTable }: Kept): string {
  if (hasHeader && hasKill && hasTable) return 'everything'
  if (hasHeader && hasKill) return 'header, kill line'
  if (hasKill) return 'kill line'
  return hasHeader ? 'header' : 'nothing'
}

/** On a console; without a table it may be all that is left, or little of it. */
function consoleWords({ console: kept, lines }: Outcome): string {
  if (!kept.hasTable && lines > 10) return 'all but the table'
  return keptWords(kept)
}

function lostWords({ hasTable }: Kept): string {
  return hasTable ? 'nothing' : 'the table'
}

const NAME = 23

function whatIfLines({ account }: PlayedScene): readonly Line[] {
  if (account.outcomes === null) return []
  const { asItWas, remedies } = account.outcomes
  const row = (
    cells: readonly [string, string, string, string, string],
    style: Style = {},
  ): Line => [
    {
      text: `  ${padEnd(cells[0], NAME)}${padStart(cells[1], 8)}${padStart(cells[2], 8)}   ${padEnd(cells[3], 20)}${cells[4]}`.trimEnd(),
      style,
    },
  ]
  const told = (outcome: Outcome): Line =>
    row([
      outcome.name,
      formatCount(outcome.bytes),
      formatSec(outcome.waitMs),
      consoleWords(outcome),
      lostWords(outcome.log),
    ])
  return [
    [
      { text: 'What a setting would have made of it', style: BOLD },
      { text: ', from the report’s own lines:' },
    ],
    row(['', 'bytes', 'time', 'on the console', 'lost in the log'], DIM),
    ...[asItWas, ...remedies].map(told),
  ]
}

/** What a shell says of a job that ended is no complaint. */
const JOB_ENDED = /^(?:\[\d+\].*|Killed|Terminated)$/
const MAX_COMPLAINTS = 5

function complaints(talk: readonly string[]): readonly string[] {
  return talk.filter((line) => !JOB_ENDED.test(line.trim())).slice(0, MAX_COMPLAINTS)
}

/** The end of a scene: a sentence, the picture, the figures, and what would have changed them. */
export function sceneLines(
  scene: PlayedScene,
  next: string,
  width: number,
  look: Look,
): readonly Line[] {
  const apart = (lines: readonly Line[]): readonly Line[] =>
    lines.length > 0 ? [[], ...lines] : []
  return [
    [],
    ...sentence(conclude(scene), width, BOLD),
    ...complaints(scene.talk).flatMap((line) => sentence(`The guest says: ${line}`, width)),
    ...apart(pictureLines(scene.account, width, look)),
    ...apart(timeline(scene.account.moments)),
    ...apart(figures(scene)),
    ...apart(whatIfLines(scene)),
    [],
    [{ text: `next: ${next}` }],
  ]
}

function yes(has: boolean): string {
  return has ? 'yes' : 'no'
}

/** What each setting did, measured. */
export function comparisonLines(scenes: readonly PlayedScene[], width: number): readonly Line[] {
  const row = (cells: readonly string[], style: Style = {}): Line => {
    const [name = '', stall = '', bytes = '', header = '', kill = '', table = '', lost = ''] = cells
    const text = `  ${padEnd(name, NAME)}${padStart(stall, 8)}${padStart(bytes, 9)}   ${padEnd(header, 8)}${padEnd(kill, 6)}${padEnd(table, 7)}${lost}`
    return [{ text: text.trimEnd(), style }]
  }
  const [plain] = scenes
  const felt = scenes.filter(
    (scene) => isComplete(scene) && !wasFelt(scene) && scene.change !== null,
  )
  const best = felt.findLast(({ account }) => account.log.hasTable && account.console.hasKill)
  const conclusion =
    plain === undefined || !wasFelt(plain)
      ? 'Nobody stood still for a second, whatever was set.'
      : best === undefined
        ? `With nothing changed others stood still for ${formatSec(plain.account.longestStallMs)}; nothing here ended that without a loss.`
        : `With nothing changed others stood still for ${formatSec(plain.account.longestStallMs)}; with ${best.change} for ${formatSec(best.account.longestStallMs)}, the kill line still on the console and the task table in the log.`
  return [
    [],
    ...sentence(conclusion, width, BOLD),
    [],
    row(['', 'longest', 'on the', 'left on the console', '', '', ''], DIM),
    row(['', 'stall', 'line', 'header', 'kill', 'table', 'the log loses'], DIM),
    ...scenes.map((scene) => {
      const { change, account } = scene
      const name = change ?? 'nothing changed'
      if (!isComplete(scene)) return row([name, account.ending])
      return row([
        name,
        formatSec(account.longestStallMs),
        formatCount(account.wire.bytes),
        yes(account.console.hasHeader),
        yes(account.console.hasKill),
        yes(account.console.hasTable),
        lostWords(account.log),
      ])
    }),
    [],
    ...sentence(
      'kernel.printk is console_loglevel and three more; the second one is the level of lines that name none.',
      width,
      DIM,
    ),
  ]
}
