/** @module `plimsoll explain --vanished WHO`: looks through a host, or the logs that are named, for who killed it. */
import { existsSync } from 'node:fs'
import { EXIT, type ExitCode, messageOf, PlimsollError } from '../../../base/errors.ts'
import { encodeJsonLine, escapeForTerminal } from '../../../base/escape.ts'
import { explainReport } from '../../../core/oom/explain.ts'
import { createKillRecogniser } from '../../../core/oom/other-kills.ts'
import { createLogReader } from '../../../core/oom/read.ts'
import { mayMatter, recogniseLoss, whoSays } from '../../../core/oom/silent.ts'
import type { Target, VanishedAnswer, VanishedEvidence } from '../../../core/oom/vanished.ts'
import { isAbout, isKilledIn, judgeVanished, parseTarget } from '../../../core/oom/vanished.ts'
import { sentence } from '../../../core/oom/words.ts'
import { withLog } from '../../../io/logs/decode.ts'
import { withJournal } from '../../../io/logs/journal.ts'
import { withKernelRing } from '../../../io/logs/kernel-ring.ts'
import { forEachLine } from '../../../io/logs/lines.ts'
import { readRegions } from '../../../io/logs/regions.ts'
import type { ByteSource } from '../../../io/logs/source.ts'
import { readUnitResult } from '../../../io/logs/unit-result.ts'
import { isRecorderFile, withRecordedLog } from '../../../io/record/recorded-log.ts'
import { readOomTraces } from '../../../linux/oom-traces.ts'
import { ownRecorder } from '../record/own-recorder.ts'
import { findLogs } from './files.ts'

interface Log {
  readonly name: string
  /** Of this boot of this host: its kills are among those that the kernel counts. */
  readonly isThisBoot: boolean
  open(use: (source: ByteSource) => Promise<void>): Promise<void>
}

/** Findings of a kind: a storm may have thousands. */
const MAX_FOUND = 100
/** Where syslog keeps what the journal may not have. */
const SYSLOGS = ['/var/log/syslog', '/var/log/messages', '/var/log/kern.log']
type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer U)[] ? U[] : T[K] }

/** Of a flight recorder: what the kernel said, as far as it was recorded. */
function fileLog(name: string): Log {
  const open: Log['open'] = (use) =>
    isRecorderFile(name) ? withRecordedLog(name, use) : withLog(name, use)
  return { name, isThisBoot: false, open }
}

/** The agent's, where there is one; a configuration with faults is for the agent to tell of. */
function recorders(): readonly string[] {
  try {
    return [ownRecorder()].filter(isRecorderFile)
  } catch {
    return []
  }
}

function hostLogs(): readonly Log[] {
  return [
    { name: '/dev/kmsg', isThisBoot: true, open: (use) => withKernelRing('/', use) },
    { name: 'journal', isThisBoot: true, open: (use) => withJournal('0', 'all', use) },
    {
      name: 'journal of the boot before',
      isThisBoot: false,
      open: (use) => withJournal('-1', 'all', use),
    },
    ...SYSLOGS.filter((path) => existsSync(path)).map(fileLog),
    ...recorders().map(fileLog),
  ]
}

async function lookThrough(
  log: Log,
  target: Target,
  found: Mutable<VanishedEvidence>,
): Promise<number> {
  let kills = 0
  const reader = createLogReader((report) => {
    kills += report.killed.length
    const explanation = explainReport(report)
    if (found.kernelKills.length >= MAX_FOUND || !isKilledIn(target, explanation)) return
    const line = report.killed[0]?.line ?? report.firstLine
    found.kernelKills.push({
      place: { log: log.name, line },
      uptimeSec: report.uptimeSec,
      sentence: sentence(explanation),
    })
  })
  try {
    await log.open((source) => readRegions(source, reader))
  } finally {
    reader.flush()
  }
  const recognise = createKillRecogniser()
  await log.open((source) =>
    forEachLine(source, (text, line) => {
      if (!mayMatter(text)) return
      const place = { log: log.name, line }
      const said = whoSays(text)
      const message = recognise(said.text)
      if (
        message !== undefined &&
        found.messages.length < MAX_FOUND &&
        isAbout(target, message, said)
      ) {
        found.messages.push({ place, message })
      }
      const notice = recogniseLoss(said.text)
      if (notice !== undefined && found.losses.length < MAX_FOUND)
        found.losses.push({ place, notice })
    }),
  )
  return kills
}

/** The ring and the journal have the same messages. */
function withoutRepeats(found: VanishedEvidence): VanishedEvidence {
  const seen = new Set<string>()
  const kernelKills = found.kernelKills.filter(({ uptimeSec, sentence: words }) => {
    const key = `${uptimeSec?.toFixed(3)} ${words}`
    if (uptimeSec !== null && seen.has(key)) return false
    seen.add(key)
    return true
  })
  return { ...found, kernelKills }
}

async function gather(
  target: Target,
  logs: readonly Log[],
  isHost: boolean,
): Promise<VanishedEvidence> {
  const unit = isHost && target.kind === 'unit' ? readUnitResult(target.unit) : undefined
  const traces = isHost
    ? readOomTraces('', unit?.controlGroup ?? null)
    : { hostKills: null, groupKills: null, crashFiles: [] }
  const found: Mutable<VanishedEvidence> = {
    target,
    kernelKills: [],
    messages: [],
    losses: [],
    reportedKills: 0,
    unit: unit ?? null,
    ...traces,
    crashFiles: [...traces.crashFiles],
    looked: [],
    unread: [],
  }
  for (const log of logs) {
    try {
      const kills = await lookThrough(log, target, found)
      found.looked.push(log.name)
      if (log.isThisBoot) found.reportedKills = Math.max(found.reportedKills, kills)
    } catch (error) {
      if (!(error instanceof PlimsollError)) throw error
      found.unread.push(messageOf(error))
    }
  }
  if (unit !== undefined) found.looked.push('systemctl show')
  if (traces.hostKills !== null) found.looked.push('/proc/vmstat')
  if (traces.groupKills !== null) found.looked.push('memory.events')
  return withoutRepeats(found)
}

function pageOf(
  who: string,
  { looked }: VanishedEvidence,
  { findings, doubts }: VanishedAnswer,
): string {
  const where = ({ place }: VanishedAnswer['findings'][number]): string =>
    place === null ? '' : ` [${place.log}, line ${place.line}]`
  const [first] = findings
  const lines = [
    first === undefined
      ? `${who}: the logs cannot tell who ended it.`
      : `${who}: ${first.killer === 'itself' ? 'it died by itself' : `killed by ${first.killer === 'kernel' ? 'the kernel' : first.killer}`}.`,
    '',
    ...findings.map((finding) => `  found      ${finding.sentence}${where(finding)}`),
    ...doubts.map((doubt) => `  but        ${doubt}`),
    `  looked at  ${looked.length === 0 ? 'nothing: no log could be read' : looked.join(', ')}`,
  ]
  return `${lines.map(escapeForTerminal).join('\n')}\n`
}

/**
 * @param paths logs to look through; this host where there are none
 * @returns finding where it is known who did it, incomplete where it cannot be told
 */
export async function explainVanished(
  who: string,
  paths: readonly string[],
  isJson: boolean,
): Promise<ExitCode> {
  if (paths.includes('-')) {
    throw new PlimsollError('PLM_USAGE', '--vanished: expected files, which are read twice, got -')
  }
  const isHost = paths.length === 0
  const logs = isHost ? hostLogs() : findLogs(paths).files.map(fileLog)
  const evidence = await gather(parseTarget(who), logs, isHost)
  const answer = judgeVanished(evidence)
  const { looked } = evidence
  process.stdout.write(
    isJson
      ? `${encodeJsonLine({ schema: 'plimsoll.vanished/1', target: who, ...answer, looked })}\n`
      : pageOf(who, evidence, answer),
  )
  return answer.findings.length > 0 ? EXIT.finding : EXIT.incomplete
}
