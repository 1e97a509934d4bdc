/** @module A lesson on a leak in words and lines, for a terminal or a page. Pure. */
import { explainMissingTool } from '../../../../../lab/leaks/build.ts'
import type { LeakKind } from '../../../../../lab/leaks/kinds.ts'
import { leaksMemory, type Truth } from '../../../../../lab/leaks/program.ts'
import type { HeapAtExit, HeapShare } from '../../../../../lab/leaks/valgrind-report.ts'
import { formatBytes, formatDuration, formatRate } from '../../../../base/format.ts'
import { MEMORY_COLOURS, STATE_COLOURS } from '../../../../base/palette.ts'
import { explainReason } from '../../../../core/leak/explain.ts'
import type { SubjectRow } from '../../../../core/wire/records.ts'
import { STATE_WORDS } from '../../../../core/wire/subject-words.ts'
import type { Line, Look, Span, Style } from '../../watch/look.ts'
import { glyphsOf } from '../../watch/look.ts'
import { padEnd, wrapText } from '../../watch/text.ts'
import type { Trail } from '../../watch/trails.ts'
import { drawSparkline } from '../../watch/trails.ts'
import { type Conclusion, explainLesson, lostBytes } from './conclude.ts'
import type { Lesson, ValgrindPart } from './lesson.ts'
import { nextCommandOf, rssOf } from './lesson.ts'

const LANGUAGES = { c: 'C', 'c++': 'C++', node: 'Node', python: 'Python', java: 'Java' } as const
const CONCLUSION_STATES = {
  harmless: 'harmless',
  harmful: 'confirmed',
  undecided: 'growing',
} as const
const BOLD: Style = { isBold: true }
const DIM: Style = { isDim: true }
const LABEL = 12

/** `label` in a column of its own, and the text beside it, in as many lines as it takes. */
function entry(label: string, text: string, width: number, style: Style = {}): Line[] {
  return wrapText(text, Math.max(20, width - LABEL)).map((part, index) => [
    { text: padEnd(index === 0 ? `  ${label}` : '', LABEL), style: DIM },
    { text: part, style },
  ])
}

function loses({ truth }: LeakKind['program']): string {
  if (leaksMemory(truth)) return formatRate(truth.rateBytesPerSec)
  return truth.leaking ? 'no memory' : 'harmless'
}

/** What there is to choose from. */
export function listLines(kinds: readonly LeakKind[]): Line[] {
  const head = `${padEnd('KIND', 15)}${padEnd('IN', 8)}${padEnd('LEAKS', 13)}WHAT IT DOES`
  return [
    [
      {
        text: 'Small programs, one for each kind of leak; each ends, and leaves nothing.',
      },
    ],
    [],
    [{ text: `  ${head}`, style: DIM }],
    ...kinds.flatMap(({ kind, program, does }): Line[] => {
      const missing = explainMissingTool(program.language)
      const cells = `${padEnd(LANGUAGES[program.language], 8)}${padEnd(loses(program), 13)}${does}`
      const line: Line = [{ text: `  ${padEnd(kind, 15)}`, style: BOLD }, { text: cells }]
      return missing === undefined ? [line] : [line, [{ text: `${' '.repeat(17)}${missing}` }]]
    }),
    [],
    [{ text: 'Begin with the first two, which lose as much a second:' }],
    [{ text: '  plimsoll lab leak short-lived' }],
    [{ text: '  plimsoll lab leak long-lived --valgrind' }],
  ]
}

const GROWS: Readonly<Record<NonNullable<Truth['kind']>, string>> = {
  anon: 'anonymous memory',
  file: 'page cache',
  shmem: 'shared memory',
  threads: 'stacks of threads',
  fds: 'descriptors',
}

function sayTruth({ truth, kind }: Lesson): string {
  if (kind.lifeSec !== null)
    return 'it frees nothing, and harms nobody: it ends before that matters'
  const { leaking, kind: memory, onsetSec, rateBytesPerSec } = truth
  if (!leaking || memory === null) return 'it looks like a leak, and is none'
  const since =
    onsetSec === 0 || onsetSec === null ? 'from its start' : `after ${onsetSec.toFixed(0)} s`
  if (rateBytesPerSec === 0) return `it leaks ${GROWS[memory]} ${since}, and no memory`
  return `it leaks ${formatRate(rateBytesPerSec)} (${GROWS[memory]}) ${since}`
}

function sayEnd({ kind, truth, boundBytes, forSec, pace }: Lesson): string {
  const latest = `after ${formatDuration(forSec)}, or at Ctrl-C`
  if (kind.lifeSec !== null) return `by itself after ${formatDuration(kind.lifeSec / pace)}`
  if (!leaksMemory(truth)) return latest
  const sec = (truth.onsetSec ?? 0) + boundBytes / truth.rateBytesPerSec
  return `at ${formatBytes(boundBytes)}, which takes some ${formatDuration(sec)}, ${latest}`
}

/** What is about to run. */
export function headLines({ kind, does }: LeakKind): Line[] {
  return [[{ text: kind, style: BOLD }, { text: ` ${does}.` }], []]
}

export function introLines(lesson: Lesson, width: number): Line[] {
  const { kind, pid } = lesson
  const next = nextCommandOf(lesson)
  return [
    ...entry(
      'program',
      `${kind.program.name} ${pid}, in ${LANGUAGES[kind.program.language]}`,
      width,
    ),
    ...entry('truth', sayTruth(lesson), width),
    ...entry('ends', sayEnd(lesson), width),
    ...(next === null ? [] : entry('next', `${next}   in another terminal`, width, BOLD)),
  ]
}

const HEAP_WORDS: readonly (readonly [part: keyof HeapAtExit, words: string, who: string])[] = [
  ['definitelyLost', 'definitely lost', 'nobody points to them'],
  ['indirectlyLost', 'indirectly lost', 'only lost ones point to them'],
  ['possiblyLost', 'possibly lost', 'only into their middle'],
  ['stillReachable', 'still reachable', 'could have been freed'],
]

function heapLine(words: string, { bytes, blocks }: HeapShare, who: string): Line {
  const count = `${formatBytes(bytes).padStart(9)} in ${blocks.toLocaleString('en').padStart(7)} blocks`
  return [
    { text: `    ${padEnd(words, 16)}`, style: bytes > 0 ? BOLD : DIM },
    { text: count },
    { text: `   ${who}`, style: DIM },
  ]
}

/** What valgrind says, before the program runs for anybody to see. */
export function valgrindLines(part: ValgrindPart, width: number): Line[] {
  if (!part.ran) return [...entry('valgrind', part.why, width), []]
  const said = `after ${formatDuration(part.ownSec)} of its life, what was never freed:`
  return [
    ...entry('valgrind', said, width),
    ...HEAP_WORDS.map(([heapClass, words, who]) => heapLine(words, part.heap[heapClass], who)),
    [],
  ]
}

function stateSpan({ verdict }: SubjectRow, look: Look): Span {
  const { state } = verdict
  const text = `${glyphsOf(look).shapes[state]} ${STATE_WORDS[state].word}`
  return { text, style: { colour: STATE_COLOURS[state] } }
}

function atTime(elapsedSec: number): string {
  return `${formatDuration(elapsedSec).padStart(8)}  `
}

/** A verdict as it changes. */
export function verdictLines(
  row: SubjectRow,
  elapsedSec: number,
  look: Look,
  width: number,
): Line[] {
  const { rateBytesPerSec, reason } = row.verdict
  const rate = rateBytesPerSec === null ? '' : `${formatRate(rateBytesPerSec)}: `
  const span = stateSpan(row, look)
  const words = wrapText(`${rate}${explainReason(reason, row.limit)}`, Math.max(20, width - 22))
  return words.map((text, index): Line => {
    if (index > 0) return [{ text: `${' '.repeat(22)}${text}` }]
    return [{ text: atTime(elapsedSec) }, { ...span, text: padEnd(span.text, 12) }, { text }]
  })
}

function sayCount({ truth }: Lesson, row: SubjectRow): string {
  if (truth.kind === 'threads' && row.threads !== null) return `, ${row.threads} threads`
  return truth.kind === 'fds' && row.fds !== null ? `, ${row.fds} descriptors` : ''
}

/** How it stands at this moment. */
export function liveLine(
  lesson: Lesson,
  row: SubjectRow,
  trail: Trail | undefined,
  look: Look,
): Line {
  const { etaSec } = row.verdict
  const left = etaSec === null ? '' : `, ${formatDuration(etaSec)} left`
  const trend = drawSparkline(trail, 24, glyphsOf(look).levels)
  return [
    { text: `${atTime(lesson.elapsedSec)}RSS ${formatBytes(rssOf(row)).padStart(8)}` },
    { text: sayCount(lesson, row) },
    { text: `  ${padEnd(trend, 24)}  `, style: { colour: MEMORY_COLOURS.anon } },
    stateSpan(row, look),
    { text: left },
  ]
}

function sayEnding({ ending, elapsedSec, peakRssBytes }: Lesson): string {
  const after = `after ${elapsedSec.toFixed(elapsedSec < 10 ? 1 : 0)} s`
  const peak = peakRssBytes > 0 ? `; it held ${formatBytes(peakRssBytes)} at most` : ''
  if (ending?.how === 'asked') return `as you asked, ${after}${peak}`
  if (ending?.how === 'time-over') return `since its time was over, ${after}${peak}`
  if (ending?.exitCode === 0) return `by itself, ${after}${peak}`
  const how = ending?.signal ?? `code ${ending?.exitCode}`
  return `at its bound with ${how}, ${after}${peak}`
}

function sayValgrind({ heap, ownSec }: ValgrindPart & { readonly ran: true }): string {
  const lost = lostBytes(heap)
  const blocks = heap.definitelyLost.blocks + heap.indirectlyLost.blocks
  return lost === 0
    ? `nothing is surely lost after ${formatDuration(ownSec)}`
    : `${formatBytes(lost)} lost after ${formatDuration(ownSec)}, in ${blocks.toLocaleString('en')} blocks`
}

/** Both verdicts, one beside the other, and what they teach. */
export function conclusionLines(lesson: Lesson, conclusion: Conclusion, width: number): Line[] {
  const { valgrind } = lesson
  const { verdict, why } = conclusion
  const colour = STATE_COLOURS[CONCLUSION_STATES[verdict]]
  return [
    [],
    ...entry('ended', sayEnding(lesson), width),
    ...(valgrind?.ran ? entry('valgrind', sayValgrind(valgrind), width) : []),
    ...entry('Plimsoll', `${verdict}: ${why}`, width, { colour, isBold: true }),
    ...explainLesson(lesson, conclusion).flatMap((text): Line[] => [
      [],
      ...wrapText(text, Math.max(20, width - 2)).map((part): Line => [{ text: `  ${part}` }]),
    ]),
  ]
}
