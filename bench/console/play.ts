/** @module One case in a guest: what the doctor reads there predicts the report that the guest then prints. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Kernel } from '../../lab/archive/kernels.ts'
import type { ConsoleLine } from '../../lab/machine/console-text.ts'
import { findReports, longestStallMs } from '../../lab/machine/felt.ts'
import { runGuest } from '../../lab/machine/run.ts'
import { INCIDENT } from '../../lab/scenarios/scenario.ts'
import { growUntilKilled, setScene } from '../../lab/scenarios/scene.ts'
import type { Facts } from '../../src/core/console/facts.ts'
import { costOfPrinting, reportLines } from '../../src/core/console/facts.ts'
import { isShown, parsePrintk } from '../../src/core/console/printk.ts'
import type { PrintkSetting, ReportTask } from '../../src/core/console/records.ts'
import type { Asked } from '../../src/core/console/stack.ts'
import type { Case } from './cases.ts'
import { settingOf } from './cases.ts'
import type { Prediction, Row, Seen } from './compare.ts'
import { guestFacts, printTree } from './guest-tree.ts'

/** The leak itself: a row of the table once it runs. */
const LEAKER: ReportTask = {
  comm: 'leaker',
  pid: 999,
  uid: 0,
  totalVmPages: 110_000,
  rssAnonPages: 110_000,
  rssFilePages: 0,
  rssShmemPages: 0,
  pageTableBytes: 921_600,
  swapPages: 0,
  oomScoreAdj: 0,
}

/** A frame of the predicted trace that the unwinder is not sure of. */
const UNSURE = /^ \? /
const BITS_PER_BYTE = 10

/** What the first line of the report says that no page was left for; `null`: of no way that is known. */
function askedIn(lines: readonly ConsoleLine[]): Asked | null {
  const header = lines.find(({ text }) => / invoked oom-killer: /.test(text))
  // Without its header on the console a report has no trace there either.
  if (header === undefined || /GFP_HIGHUSER_MOVABLE\b[^,]*__GFP_ZERO/.test(header.text))
    return 'page'
  return /\(GFP_KERNEL_ACCOUNT\b[^,]*__GFP_ZERO/.test(header.text) ? 'page-table' : null
}

/** From the report's first byte to its last, and what else was printed until the end. */
function seenOn(lines: readonly ConsoleLine[], baud: number, stallMs: number): Seen {
  const bytesOf = (some: readonly ConsoleLine[]): number =>
    some.reduce((sum, { wireBytes }) => sum + wireBytes, 0)
  const [report] = findReports(lines)
  const msPerByte = (BITS_PER_BYTE * 1000) / baud
  if (report !== undefined) {
    const { fromMs, toMs, bytes } = report
    const first = lines.find(({ text }) => / invoked oom-killer: /.test(text))
    return {
      lines: report.lines - report.unsureLines,
      bytes,
      printedMs: toMs - fromMs + (first?.wireBytes ?? 0) * msPerByte,
      otherBytes: bytesOf(lines.filter(({ atMs }) => atMs >= fromMs)) - bytes,
      stallMs,
    }
  }
  // Without its header a report is its kill line, where that is shown.
  const own = lines.filter(({ text }) => /Killed process \d+ \(/.test(text))
  const bytes = bytesOf(own)
  return {
    lines: own.length,
    bytes,
    printedMs: bytes * msPerByte,
    otherBytes: bytesOf(lines) - bytes,
    stallMs,
  }
}

function predict(facts: Facts, printk: PrintkSetting): Prediction {
  const cost = costOfPrinting(facts, { printk })
  const line = cost?.nominal.consoles.find(({ console }) => console.name === 'ttyS1')
  if (cost === null || line === undefined) throw new Error('the doctor knows no report or no ttyS1')
  const unsure = reportLines(facts, true).filter(
    ({ text, level }) => UNSURE.test(text) && isShown(level, printk),
  )
  return {
    lines: line.lines - unsure.length,
    bytes: line.bytes,
    freezeMs: cost.nominal.waitMs,
  }
}

/** What was predicted and what was printed, for a look at them line by line. */
function keep(directory: string, name: string, facts: Facts, lines: readonly ConsoleLine[]): void {
  mkdirSync(directory, { recursive: true })
  const path = join(directory, name)
  const printed = lines.map(({ atMs, text }) => `${atMs.toFixed(0)}\t${text}\n`)
  const predicted = reportLines(facts, facts.dumpsTasks ?? true).map(({ text }) => `${text}\n`)
  writeFileSync(`${path}.printed`, printed.join(''))
  writeFileSync(`${path}.predicted`, predicted.join(''))
}

/**
 * @param directory where the texts of each run are kept; `null`: nowhere
 * @returns `null` where the emulated kernel died of itself, as 6.12 does at times (an int3 that nobody set)
 */
export async function play(
  kernel: Kernel,
  one: Case,
  directory: string | null,
): Promise<Row | null> {
  const { tasks, baud, dumpTasks } = one
  const setting = {
    ...INCIDENT,
    kernel,
    tasks,
    baud,
    sysctls: { 'kernel.printk': one.printk, 'vm.oom_dump_tasks': dumpTasks ? '1' : '0' },
  }
  const printk = parsePrintk(one.printk)
  if (printk === undefined) throw new Error(`no setting of kernel.printk: ${one.printk}`)
  const guest = setScene(setting, [...printTree(), ...growUntilKilled('leaker', 200)])
  const run = await runGuest(guest, { withinSec: 60 + (2 * (6000 + 130 * tasks) * 10) / baud })
  if (run.ending === 'gone') return null
  if (run.ending !== 'played') throw new Error(`the guest ${run.ending}`)
  const lines = run.consoles[0] ?? []
  const asked = askedIn(lines)
  const facts = guestFacts(run.talk, LEAKER, asked ?? 'page')
  if (directory !== null) {
    const name = [kernel.name, tasks, baud, settingOf(one), Date.now()].join('-')
    keep(directory, name.replace(/[ ,]+/g, '_'), facts, lines)
  }
  return {
    kernel: kernel.name,
    tasks,
    baud,
    setting: settingOf(one),
    asked,
    predicted: predict(facts, printk),
    seen: seenOn(lines, baud, longestStallMs(run.events, 'heartbeat')),
    runs: 1,
  }
}
