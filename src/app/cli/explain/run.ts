/** @module Reads logs, explains their OOM reports and tells them in the form that was asked for. */
import { fstatSync } from 'node:fs'
import { EXIT, type ExitCode, messageOf, PlimsollError } from '../../../base/errors.ts'
import { escapeForTerminal } from '../../../base/escape.ts'
import type { EvidenceKeeper } from '../../../core/oom/evidence.ts'
import { createEvidenceKeeper } from '../../../core/oom/evidence.ts'
import type { Explanation } from '../../../core/oom/explain.ts'
import { explainReport } from '../../../core/oom/explain.ts'
import { isText } from '../../../core/oom/log-head.ts'
import type { OtherKills } from '../../../core/oom/other-kills.ts'
import { createOtherKills } from '../../../core/oom/other-kills.ts'
import { createLogReader } from '../../../core/oom/read.ts'
import { tellWhenSilent } from '../../../core/oom/silence.ts'
import type { VerdictClass } from '../../../core/oom/verdict.ts'
import { streamText, withLog } from '../../../io/logs/decode.ts'
import { withJournal } from '../../../io/logs/journal.ts'
import { withKernelRing } from '../../../io/logs/kernel-ring.ts'
import { readRegions } from '../../../io/logs/regions.ts'
import type { ByteSource } from '../../../io/logs/source.ts'
import { withHead } from '../../../io/logs/source.ts'
import { chooseLook } from '../watch/look.ts'
import type { FoundLogs, LeftOut } from './files.ts'
import { findLogs } from './files.ts'
import type { Output } from './outputs.ts'
import { eventOutput, jsonOutput, markdownOutput, pageOutput } from './outputs.ts'

export interface ExplainOptions {
  readonly json?: boolean
  readonly jsonEvents?: boolean
  readonly markdown?: boolean
  readonly all?: boolean
  readonly lines?: boolean
  readonly dmesg?: boolean
  /** `true` is this boot. */
  readonly journal?: string | true
  /** Verdicts that count as a finding; all where it is not given. */
  readonly failOn?: readonly VerdictClass[]
  readonly vanished?: string
}

/** A log with its name; `use` reads it while it is open. */
interface Input {
  readonly name: string
  open(use: (source: ByteSource) => Promise<void>): Promise<void>
}

/**
 * Reports end in another order than they begin where several are open at once. So many are held back to put them
 * in the order of the log.
 */
const MAX_HELD = 64

/** A report of a log that goes on (tail -f) is told once nothing of it came for two of these. */
const TICK_MS = 400

/** Whether something was piped or redirected to it; what a service or cron gives is /dev/null. */
function isFed(): boolean {
  try {
    const stat = fstatSync(0)
    return stat.isFIFO() || stat.isFile()
  } catch {
    return false
  }
}

function inputsOf(paths: readonly string[], options: ExplainOptions): readonly Input[] {
  const files = paths.map(
    (name): Input => ({
      name,
      open: (use) =>
        name === '-' ? use(streamText(process.stdin, 'standard input')) : withLog(name, use),
    }),
  )
  const { journal } = options
  return [
    ...files,
    ...(options.dmesg === true
      ? [{ name: '/dev/kmsg', open: (use) => withKernelRing('/', use) } satisfies Input]
      : []),
    ...(journal === undefined
      ? []
      : [
          {
            name: journal === true ? 'journal' : `journal, boot ${journal}`,
            open: (use) => withJournal(journal === true ? '0' : journal, 'kernel', use),
          } satisfies Input,
        ]),
  ]
}

const NOT_READ: Readonly<Record<LeftOut['why'], string>> = {
  journals: 'journals; --journal reads them',
  'too many': 'too many files at once; name some of them',
  'too deep': 'too many directories deep; name it itself',
  unreadable: 'not permitted, or gone',
}

/** Says what of the directories is not read, and whether anything is; journals are not missed where `--journal` is given. */
function tellLeftOut({ leftOut }: FoundLogs, { journal }: ExplainOptions): boolean {
  const missed = leftOut.filter(({ why }) => journal === undefined || why !== 'journals')
  for (const { path, why } of missed) {
    process.stderr.write(`plimsoll: not read: ${escapeForTerminal(path)} (${NOT_READ[why]})\n`)
  }
  return missed.length > 0
}

function outputOf(options: ExplainOptions, isSingle: boolean, keeper: EvidenceKeeper): Output {
  const { stdout, env } = process
  const write = (text: string): void => {
    stdout.write(text)
  }
  const evidence = options.lines === true ? keeper.evidenceOf : () => []
  if (options.json === true) return jsonOutput(write)
  if (options.jsonEvents === true) return eventOutput(write)
  if (options.markdown === true) return markdownOutput(write, evidence, options.all === true)
  const look = chooseLook({
    env,
    isTty: stdout.isTTY === true,
    colourDepth: stdout.isTTY ? stdout.getColorDepth() : 1,
    utcOffsetMin: 0,
  })
  return pageOutput(write, { look, isAll: options.all === true, evidence, isSingle })
}

function isFinding({ verdict }: Explanation, { failOn }: ExplainOptions): boolean {
  return failOn === undefined || failOn.includes(verdict.verdict)
}

/** What was found in a log. */
interface LogFindings {
  reports: number
  isText: boolean
  readonly others: OtherKills
}

async function explainInput(
  input: Input,
  output: Output,
  keeper: EvidenceKeeper,
  onReport: (explanation: Explanation) => void,
  log: LogFindings,
): Promise<void> {
  const held: Explanation[] = []
  const tell = (explanation: Explanation): void => {
    log.reports++
    onReport(explanation)
    output.report(explanation)
  }
  const reader = createLogReader((report) => {
    const explanation = explainReport(report)
    if (output.isImmediate) return tell(explanation)
    const later = held.findIndex((other) => other.report.firstLine > report.firstLine)
    held.splice(later < 0 ? held.length : later, 0, explanation)
    if (held.length > MAX_HELD) tell(held.shift() as Explanation)
  }, log.others.say)
  const live = output.isImmediate ? tellWhenSilent(reader) : undefined
  const timer = live && setInterval(live.tick, TICK_MS)
  try {
    await input.open((source) => {
      const watched = withHead(source, (head) => {
        log.isText = isText(head)
      })
      return readRegions(watched, keeper.watch(live ?? reader))
    })
  } finally {
    clearInterval(timer)
    reader.flush()
    held.forEach(tell)
  }
}

/**
 * @returns finding where there was an OOM (of a verdict in failOn, where that is given) or another killed for memory,
 * incomplete where a log could not be read or nothing was a log
 * @throws PLM_LOG where there is one log and it could not be read
 */
export async function explainLogs(
  paths: readonly string[],
  options: ExplainOptions,
): Promise<ExitCode> {
  const isNamed = paths.length > 0 || options.dmesg === true || options.journal !== undefined
  const logs = findLogs(isNamed || !isFed() ? paths : ['-'])
  const inputs = inputsOf(logs.files, options)
  const isPart = tellLeftOut(logs, options)
  if (inputs.length === 0) {
    const what = paths.length === 0 ? 'none' : `no file in ${paths.join(', ')}`
    const message = `expected a log, - for standard input, --dmesg or --journal, got ${what}`
    throw new PlimsollError('PLM_USAGE', message)
  }
  const keeper = createEvidenceKeeper(options.lines === true)
  const output = outputOf(options, inputs.length === 1, keeper)
  let hasFinding = false
  let isIncomplete = false
  let isLog = false
  for (const input of inputs) {
    output.begin(input.name)
    const log: LogFindings = { reports: 0, isText: true, others: createOtherKills() }
    let failure: unknown
    const onReport = (explanation: Explanation): void => {
      hasFinding ||= isFinding(explanation, options)
    }
    try {
      await explainInput(input, output, keeper, onReport, log)
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error
      failure = error
    }
    const otherKills = log.others.all(log.reports > 0)
    hasFinding ||= otherKills.length > 0 && options.failOn === undefined
    isLog ||= log.isText || log.reports > 0
    output.end({
      error: failure === undefined ? null : messageOf(failure),
      isText: log.isText || log.reports > 0,
      otherKills,
    })
    if (failure === undefined) continue
    if (inputs.length === 1) throw failure
    process.stderr.write(`plimsoll: ${escapeForTerminal(messageOf(failure))}\n`)
    isIncomplete = true
  }
  output.finish()
  if (isIncomplete || !isLog) return EXIT.incomplete
  if (hasFinding) return EXIT.finding
  return isPart ? EXIT.incomplete : EXIT.ok
}
