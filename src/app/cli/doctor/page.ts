/** @module What `plimsoll doctor` prints for people: a sentence, the consoles, what helps, then the findings. */
import { STATE_COLOURS } from '../../../base/palette.ts'
import { hasNominalLines, isNominal } from '../../../core/console/facts.ts'
import type { Finding, Fix, Severity } from '../../../core/console/finding.ts'
import type { SeenConsole } from '../../../core/console/host-consoles.ts'
import type { Remedy } from '../../../core/console/remedies.ts'
import { bestRemedy, isBetter, isWorthIt, SHORT_MS } from '../../../core/console/remedies.ts'
import { grouped, listed, onWire, seconds } from '../../../core/console/say.ts'
import type { Line, Look, Style } from '../watch/look.ts'
import { fitLine, paintLine } from '../watch/look.ts'
import { padEnd, padStart, safeText, wrapText } from '../watch/text.ts'
import type { Told } from './told.ts'

export interface PageOptions {
  readonly width: number
  readonly look: Look
}

const COLOURS: Readonly<Record<Severity, Style>> = {
  high: { colour: STATE_COLOURS.confirmed, isBold: true },
  medium: { colour: STATE_COLOURS.suspected, isBold: true },
  note: { colour: STATE_COLOURS.steady, isBold: true },
}
const DIM: Style = { isDim: true }
const BOLD: Style = { isBold: true }
const UNKNOWN = 'not known'

/** A paragraph, indented, its first line behind `label`. */
function paragraph(
  label: string,
  text: string,
  indent: number,
  { width, look }: PageOptions,
): Line[] {
  const room = Math.max(20, width - indent)
  return wrapText(safeText(text, look.isUnicode), room).map(
    (part, index): Line => [
      { text: padEnd(index === 0 ? label : '', indent), style: DIM },
      { text: part },
    ],
  )
}

function hostLine({ facts }: Told): string {
  const { release, hypervisor, isContainer, isRealtime, tasks, logBuffer } = facts
  const parts = [
    release === null ? 'kernel not known' : `Linux ${release}`,
    isRealtime ? 'PREEMPT_RT' : '',
    hypervisor === null ? '' : `a guest of ${hypervisor}`,
    isContainer ? 'in a container' : '',
    tasks === null ? 'processes not known' : `${grouped(tasks.length)} processes to list`,
    logBuffer === null ? '' : `log buffer ${logBuffer.bytes / 1024} KiB`,
  ]
  return parts.filter((part) => part !== '').join(', ')
}

const KINDS: Readonly<Record<SeenConsole['kind'], string>> = {
  uart: 'serial',
  screen: 'screen',
  hypervisor: 'hypervisor',
  network: 'network',
  other: 'other',
}

function speedOf({ kind, line, lineFrom }: SeenConsole): string {
  if (line !== null) return `${grouped(line.baud)} baud (${lineFrom})`
  return kind === 'uart' ? UNKNOWN : '-'
}

function consoleLines(told: Told, { look }: PageOptions): Line[] {
  const { facts, remedies } = told
  const asIs = remedies?.find(({ id }) => id === 'as-is')
  const consoles = facts.consoles?.consoles ?? []
  if (asIs === undefined || consoles.length === 0) return []
  const row = (cells: readonly string[]): string => {
    const [name = '', kind = '', waits = '', speed = '', report = '', time = ''] = cells
    return `  ${padEnd(name, 12)}${padEnd(kind, 12)}${padEnd(waits, 7)}${padEnd(speed, 24)}${padStart(report, 10)}${padStart(time, 11)}`
  }
  const title = hasNominalLines(facts) ? 'NOMINAL' : 'TIME'
  const head: Line = [
    { text: row(['CONSOLE', 'KIND', 'WAITS', 'SPEED', 'REPORT', title]), style: DIM },
  ]
  const rows = consoles.map((one, index): Line => {
    const { bytes = 0, waitMs = null } = asIs.printing.nominal.consoles[index] ?? {}
    const time =
      !one.isSynchronous || bytes === 0 ? 'none' : waitMs === null ? UNKNOWN : seconds(waitMs)
    const cells = [
      safeText(one.name, look.isUnicode),
      KINDS[one.kind],
      one.isSynchronous ? 'yes' : 'no',
      speedOf(one),
      onWire(bytes),
      time,
    ]
    return [{ text: row(cells) }]
  })
  const { measured } = facts
  const { waitMs, nominal } = asIs.printing
  const speed =
    measured === null || measured.isAsynchronous
      ? 'faster than it matters'
      : `${grouped(1000 / measured.msPerByte)} bytes/s`
  const bytes = Math.max(0, ...nominal.consoles.map((one) => one.bytes))
  const all = row(['together', 'measured', '', speed, onWire(bytes), seconds(waitMs)])
  return [[], head, ...rows, ...(measured === null ? [] : [[{ text: all }]])]
}

function standstill({ printing: { waitMs, unknown } }: Remedy): string {
  if (unknown.length === 0) return `${seconds(waitMs)}  `
  return waitMs === 0 ? `${UNKNOWN}  ` : `${seconds(waitMs)} +`
}

/** Names of what is set, and seconds, before what it gives up. */
const REMEDY_INDENT = 41

function remedyLines({ facts, remedies, examination }: Told, options: PageOptions): Line[] {
  const asIs = remedies?.find(({ id }) => id === 'as-is')
  if (remedies === null || asIs === undefined) return []
  const { waitMs, unknown } = asIs.printing
  // Where nothing is waited for there is nothing to remedy.
  if (waitMs < SHORT_MS && unknown.length === 0) return []
  const isChosen = (examination.findings[0]?.fix.now.length ?? 0) > 0 && isWorthIt(remedies)
  const best = isChosen ? bestRemedy(facts, remedies) : undefined
  const head: Line = [
    { text: padEnd('  WHAT HELPS', 27), style: DIM },
    { text: padStart(isNominal(facts) ? 'NOMINAL  ' : 'STANDSTILL', 12), style: DIM },
    { text: '  WHAT IT LOSES', style: DIM },
  ]
  const shown = remedies.filter((remedy) => remedy === asIs || isBetter(remedy, asIs))
  const rows = shown.flatMap((remedy): Line[] => {
    const mark = remedy === best ? '* ' : '  '
    const label = `${padEnd(mark + remedy.name, 27)}${padStart(standstill(remedy), 12)}  `
    const text = remedy.id === 'as-is' ? 'nothing' : remedy.loses
    return wrapText(safeText(text, options.look.isUnicode), options.width - REMEDY_INDENT).map(
      (part, index): Line => [
        {
          text: padEnd(index === 0 ? label : '', REMEDY_INDENT),
          ...(remedy === best ? { style: BOLD } : {}),
        },
        { text: part },
      ],
    )
  })
  const names = listed(unknown.map(({ name }) => name))
  const hasMore = shown.some((remedy) => standstill(remedy).endsWith('+'))
  const more = !hasMore
    ? []
    : paragraph('', `+ and what ${names} takes, which is not known`, 2, options)
  const chosen: Line[] = isChosen
    ? [[{ text: '  * is what the first finding below would set' }]]
    : []
  return [[], head, ...rows, ...more, ...chosen]
}

/** As a person would type it, and the file that keeps it; then what no program can do. */
function fixLines({ now, persistent, advice }: Fix, options: PageOptions): Line[] {
  const say = (label: string, texts: readonly string[]): Line[] =>
    texts.flatMap((text, at) => paragraph(at === 0 ? label : '', text, LABEL, options))
  const writes = now.map(({ path, value }) => `echo "${value}" > ${path}`)
  const kept = persistent.map(
    ({ file, text }) => `${file}: ${text.trimEnd().replaceAll('\n', '; ')}`,
  )
  const isAlone = writes.length + kept.length === 0
  return [
    ...say('  fix', writes),
    ...say(writes.length === 0 ? '  fix' : '  keep', kept),
    ...say(isAlone ? '  fix' : '', advice === '' ? [] : [advice]),
  ]
}

const LABEL = 8

function onOneLine(text: string): string {
  return text
    .trim()
    .replace(/\s*\n\s*/g, '; ')
    .replace(/\s+/g, ' ')
}

function findingLines(finding: Finding, options: PageOptions): Line[] {
  const { severity, id, title, what, consequence, evidence, fix, givesUp, undo } = finding
  const word = severity.toUpperCase()
  const [first = '', ...rest] = wrapText(
    safeText(`${title} (${id})`, options.look.isUnicode),
    options.width - LABEL,
  )
  const head: Line[] = [
    [
      { text: padEnd(word, LABEL), style: COLOURS[severity] },
      { text: first, style: BOLD },
    ],
    ...rest.map((part): Line => [{ text: ' '.repeat(LABEL) }, { text: part, style: BOLD }]),
  ]
  const say = (label: string, text: string): Line[] =>
    text === '' ? [] : paragraph(`  ${label}`, text, LABEL, options)
  // Notes are many: docs/doctor.md and --json say the rest of them.
  if (severity === 'note') return [...head, ...fixLines(fix, options)]
  return [
    ...head,
    ...say('', what),
    ...say('so', consequence),
    ...evidence.flatMap(({ path, value }, index) =>
      say(index === 0 ? 'seen' : '', `${path}: ${value === '' ? '(empty)' : onOneLine(value)}`),
    ),
    ...fixLines(fix, options),
    ...say('costs', givesUp),
    ...say('undo', undo),
  ]
}

function countWords(findings: readonly Finding[]): string {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length
  const [high, medium, notes] = [count('high'), count('medium'), count('note')]
  if (high + medium === 0) return notes === 0 ? 'Nothing found.' : `Nothing found; notes: ${notes}.`
  return `Found: ${high} high, ${medium} medium; notes: ${notes}.`
}

/** A page is for reading. */
const MAX_UNSEEN = 12

function unseenLines({ examination }: Told, options: PageOptions): Line[] {
  const { unseen } = examination
  if (unseen.length === 0) return []
  return [
    [],
    [{ text: 'NOT SEEN', style: BOLD }, { text: ', and so not judged:' }],
    ...unseen
      .slice(0, MAX_UNSEEN)
      .flatMap(({ what, why }) => paragraph('', `${what}: ${why}`, 2, options)),
    ...(unseen.length > MAX_UNSEEN
      ? paragraph('', `and ${unseen.length - MAX_UNSEEN} more; --json has all`, 2, options)
      : []),
  ]
}

/** Every line fits into the width; untrusted names are harmless. */
export function formatPage(told: Told, options: PageOptions): string {
  const { verdict, examination } = told
  const { width, look } = options
  const lines: Line[] = [
    ...wrapText(safeText(verdict.sentence, look.isUnicode), width).map(
      (text): Line => [{ text, style: BOLD }],
    ),
    ...paragraph('', hostLine(told), 0, options),
    ...consoleLines(told, options),
    ...remedyLines(told, options),
    ...examination.findings.flatMap((finding) => [[], ...findingLines(finding, options)]),
    ...unseenLines(told, options),
    [],
    ...paragraph('', countWords(examination.findings), 0, options),
  ]
  return lines.map((line) => paintLine(fitLine(line, width, look), look).trimEnd()).join('\n')
}
