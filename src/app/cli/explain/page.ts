/** @module A report explained to a person: the verdict first, then who, then the balance, then what to do. */
import { escapeForTerminal } from '../../../base/escape.ts'
import { formatBytes, formatPercent } from '../../../base/format.ts'
import { STATE_COLOURS } from '../../../base/palette.ts'
import type { Action } from '../../../core/oom/actions.ts'
import { sayAction } from '../../../core/oom/actions.ts'
import type { EvidenceLine } from '../../../core/oom/evidence.ts'
import type { Explanation } from '../../../core/oom/explain.ts'
import { footprint } from '../../../core/oom/holders.ts'
import type { MemoryPart, MemoryParts } from '../../../core/oom/memory-parts.ts'
import { memoryPartsOf, whyNoParts } from '../../../core/oom/memory-parts.ts'
import type { Story } from '../../../core/oom/story.ts'
import type { VerdictClass } from '../../../core/oom/verdict.ts'
import {
  at,
  brief,
  describeGroups,
  describeKilled,
  describeRow,
  missingWords,
  nameOf,
  sentence,
  storyline,
  verdictWord,
  whatRanOut,
  whenWords,
  whoAsked,
} from '../../../core/oom/words.ts'
import type { Line, Look, Style } from '../watch/look.ts'
import { fitLine, glyphsOf, paintLine } from '../watch/look.ts'
import { displayWidth, padEnd, padStart, safeText } from '../watch/text.ts'

const WIDTH = 80
const BAR = 30
/** Shares of memory below this are put together. */
const SMALL = 0.01
const LABEL = 12
const DIM: Style = { isDim: true }
const BOLD: Style = { isBold: true }

const COLOURS: Readonly<Record<VerdictClass, Style>> = {
  guilty: { colour: STATE_COLOURS.confirmed, isBold: true },
  innocent: { colour: STATE_COLOURS.suspected, isBold: true },
  'no-single-culprit': { colour: STATE_COLOURS.growing, isBold: true },
  'not-a-process': { colour: STATE_COLOURS.suspected, isBold: true },
  unknown: { colour: STATE_COLOURS.unknown, isBold: true },
}

/** Not before what belongs to a figure: `[line 12]`, `1.4 MiB`, `59 %`. */
const BLANK = / (?!\d+\]|(?:[KMGTP]iB|B|%)(?:\W|$))/

/** Breaks at blanks alone: a path in a command has to be copied as a whole. */
function wrap(text: string, width: number, look: Look): readonly string[] {
  const lines: string[] = []
  for (const word of safeText(text, look.isUnicode).split(BLANK)) {
    const last = lines.at(-1)
    const longer = `${last} ${word}`
    if (last === undefined || displayWidth(longer) > width) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}

/** A paragraph behind its label. */
function field(label: string, text: string, look: Look, style: Style = DIM): readonly Line[] {
  return wrap(text, WIDTH - LABEL, look).map((part, index) => [
    { text: padEnd(index === 0 ? `  ${label}` : '', LABEL), style },
    { text: part },
  ])
}

function mark(explanation: Explanation, look: Look): string {
  const { word, shape, letter } = verdictWord(explanation.verdict.verdict)
  return `${look.isUnicode ? shape : letter} ${word}`
}

function verdictLines(explanation: Explanation, look: Look): readonly Line[] {
  const head = `${mark(explanation, look)}  `
  const [first = '', ...rest] = wrap(`${head}${sentence(explanation)}.`, WIDTH, look)
  const style = COLOURS[explanation.verdict.verdict]
  return [
    [
      { text: head, style },
      { text: first.slice(head.length), style: BOLD },
    ],
    ...rest.map((text): Line => [{ text, style: BOLD }]),
  ]
}

function memoryHead({ wholeBytes, limitBytes, of }: MemoryParts): string {
  const whole = formatBytes(wholeBytes)
  if (of === 'machine') return `${whole} in all`
  const limit =
    limitBytes === null ? 'which has no limit' : `whose limit is ${formatBytes(limitBytes)}`
  return `${whole} in the group, ${limit}`
}

function balanceLines(explanation: Explanation, look: Look): readonly Line[] {
  const memory = memoryPartsOf(explanation)
  if (memory === null) {
    const hasFigures =
      explanation.kind === 'memcg'
        ? explanation.report.memcgUsage.memory !== undefined
        : explanation.balance !== undefined
    return hasFigures ? [[], ...field('memory', whyNoParts(explanation), look)] : []
  }
  const { wholeBytes, parts } = memory
  const isRest = ({ kind }: MemoryPart): boolean => kind === 'unaccounted'
  const named = parts.filter((part) => !isRest(part)).sort((a, b) => b.bytes - a.bytes)
  const large = named.filter(({ bytes }) => bytes >= SMALL * wholeBytes)
  const small = named.filter(({ bytes }) => bytes < SMALL * wholeBytes)
  const others = small.reduce((sum, { bytes }) => sum + bytes, 0)
  const { block } = glyphsOf(look)
  const line = ({ label, bytes }: Pick<MemoryPart, 'label' | 'bytes'>): Line => {
    const part = bytes / wholeBytes
    const bar = block.repeat(Math.max(0, Math.min(BAR, Math.round(part * BAR))))
    return [
      { text: `    ${padEnd(label, 20)} ${padStart(formatBytes(bytes), 9)} ` },
      { text: `${padStart(formatPercent(part), 6)}  ${bar}` },
    ]
  }
  return [
    [],
    [{ text: `  memory    ${memoryHead(memory)}`, style: DIM }],
    ...large.map(line),
    ...(small.length === 1 ? small.map(line) : []),
    ...(small.length > 1 ? [line({ label: 'others', bytes: others })] : []),
    ...parts.filter(isRest).map(line),
  ]
}

/** A command is never broken, since it is to be copied: where it does not fit it has a line of its own. */
function actionLines(action: Action, label: string, look: Look): readonly Line[] {
  const said = sayAction(action)
  if (action.command === null || displayWidth(said) <= WIDTH - LABEL) {
    return field(label, said, look)
  }
  return [
    ...field(label, `${action.words}:`, look),
    [{ text: padEnd('', LABEL + 2) }, { text: safeText(action.command, look.isUnicode) }],
  ]
}

function holderLines(explanation: Explanation, look: Look): readonly Line[] {
  const { pageKb, report } = explanation
  const ranked = [...report.tasks]
    .sort((a, b) => footprint(b, pageKb) - footprint(a, pageKb))
    .slice(0, 3)
  const several = describeGroups(explanation)
  return [
    ...ranked.flatMap((row, i) => field(i === 0 ? 'largest' : '', describeRow(row, pageKb), look)),
    ...(several.length === 0 ? [] : field('by name', several.join('; '), look)),
  ]
}

function choiceLines({ expectedVictim, nextVictims }: Explanation, look: Look): readonly Line[] {
  const names = nextVictims.map((row) => nameOf(row.comm, row.pid))
  return [
    ...(expectedVictim === null
      ? []
      : field(
          'contested',
          `by the kernel's own ranking it would have been ${nameOf(expectedVictim.comm, expectedVictim.pid)}`,
          look,
        )),
    ...(names.length === 0 ? [] : field('next', `would have been ${names.join(', ')}`, look)),
  ]
}

function print(lines: readonly Line[], look: Look): string {
  return lines.map((line) => `${paintLine(line, look).trimEnd()}\n`).join('')
}

/** The page of one report, safe to print. */
export function renderReport(
  explanation: Explanation,
  look: Look,
  evidence: readonly EvidenceLine[] = [],
): string {
  const { report } = explanation
  const when = whenWords(report)
  const isMany = report.killed.length > 3
  const lines: readonly Line[] = [
    ...verdictLines(explanation, look),
    [],
    ...(when === null ? [] : field('when', when, look)),
    ...field('ran out', whatRanOut(explanation), look),
    ...field('asked', whoAsked(explanation), look),
    ...report.killed
      .slice(0, isMany ? 2 : 3)
      .flatMap((killed, i) => field(i === 0 ? 'killed' : '', describeKilled(killed), look)),
    ...(isMany ? field('', `and ${report.killed.length - 2} more`, look) : []),
    ...holderLines(explanation, look),
    ...choiceLines(explanation, look),
    ...balanceLines(explanation, look),
    [],
    ...explanation.actions.flatMap((action, i) => actionLines(action, i === 0 ? 'do' : '', look)),
    [],
    ...field(
      'evidence',
      `lines ${report.firstLine} to ${report.lastLine}; confidence ${explanation.confidence}`,
      look,
    ),
    ...(report.missing.length === 0 ? [] : field('missing', missingWords(report).join(', '), look)),
  ]
  // Lines of the log are evidence as they are: never wrapped or cut.
  const quoted = evidence.map(([number, text]) => `  ${number}: ${escapeForTerminal(text)}\n`)
  return `${print(lines, look)}${quoted.length === 0 ? '' : `\n${quoted.join('')}`}`
}

/** One line of a storm. */
export function renderShort(explanation: Explanation, look: Look, sinceSec: number | null): string {
  const time = sinceSec === null ? '' : `${sinceSec < 0 ? '' : '+'}${sinceSec.toFixed(1)} s`
  const { report, verdict } = explanation
  return print(
    [
      [
        { text: `  ${padEnd(at(report.firstLine), 14)} ${padStart(time, 10)}  `, style: DIM },
        { text: padEnd(mark(explanation, look), 12), style: COLOURS[verdict.verdict] },
        { text: ` ${brief(explanation)}` },
      ],
    ].map((line) => fitLine(line, WIDTH, look)),
    look,
  )
}

/** What a storm came to: above its first report. */
export function renderStory(story: Story, look: Look): string {
  const [head = '', ...rest] = storyline(story)
  const paragraphs = [
    ...wrap(`STORM  ${head}`, WIDTH, look).map((text): Line => [{ text, style: BOLD }]),
    ...rest.flatMap((text) => wrap(text, WIDTH, look).map((part): Line => [{ text: part }])),
  ]
  return `${print(paragraphs, look)}\n`
}

export function renderFile(name: string, look: Look): string {
  return print([[{ text: `== ${safeText(name, look.isUnicode)}`, style: BOLD }], []], look)
}
