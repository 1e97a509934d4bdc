/** @module Compares what a guest printed and felt with what is true of its scenario. Pure. */
import { findReports, longestStallMs } from '../machine/felt.ts'
import type { Guest } from '../machine/guest.ts'
import type { GuestRun } from '../machine/run.ts'
import { compareHolder } from './holder.ts'
import { findPrintedOoms, type LogLine, type PrintedOom, parseKernelLines } from './printed.ts'
import type { OomTruth, Scenario } from './scenario.ts'

const CONSTRAINTS: Readonly<Record<OomTruth['kind'], string | null>> = {
  global: 'CONSTRAINT_NONE',
  memcg: 'CONSTRAINT_MEMCG',
  cpuset: 'CONSTRAINT_CPUSET',
  mempolicy: 'CONSTRAINT_MEMORY_POLICY',
  sysrq: 'CONSTRAINT_NONE',
  // The report is printed before anybody is chosen (oom_kill.c, check_panic_on_oom).
  panic: null,
}

const PANICKED = /Kernel panic - not syncing: Out of memory: \S+ panic_on_oom is enabled/

/** What reclaim and this host's other programs may add to a wait. */
const SLACK_MS = 1500
/** A bystander that has just given memory back may get it again, and miss a shorter report than this. */
const SURE_MS = 2000
const MAX_LOST_SHARE = 0.25

function isNamed(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern,
  )
}

function differ(what: string, expected: unknown, got: unknown): readonly string[] {
  const [one, other] = [JSON.stringify(expected), JSON.stringify(got)]
  return one === other ? [] : [`expected ${what} ${one}, got ${other}`]
}

/** Names of who died, each process once: a group's victim is printed again as a member of it. */
function namesOfDead({ killed }: PrintedOom): readonly string[] {
  return [...new Map(killed.map(({ pid, name }) => [pid, name])).values()].toSorted()
}

function compareOom(truth: OomTruth, printed: PrintedOom): readonly string[] {
  const dead = [...(truth.killed === null ? [] : [truth.killed]), ...(truth.diedToo ?? [])]
  return [
    ...(isNamed(printed.asker, truth.triggers)
      ? []
      : [`expected ${truth.triggers.join(' or ')} to ask, got ${printed.asker}`]),
    ...differ('constraint', CONSTRAINTS[truth.kind], printed.constraint),
    ...differ('memcg', truth.memcg ?? null, printed.memcg),
    ...differ('dead', dead.toSorted(), namesOfDead(printed)),
    ...differ('a group kill', truth.diedToo !== undefined, printed.isGroup),
    ...differ('a request by hand', truth.kind === 'sysrq', printed.order === -1),
    ...compareHolder(truth, printed),
  ]
}

function compareOoms(
  truths: readonly OomTruth[],
  printed: readonly PrintedOom[],
): readonly string[] {
  const last = truths.at(-1)
  const missing = truths.slice(printed.length).map((_, index) => {
    return `expected report ${printed.length + index + 1} of ${truths.length}, got none`
  })
  const faults = printed.flatMap((one, index) => {
    const truth = truths[index] ?? (last?.mayRepeat === true ? last : undefined)
    const found = truth === undefined ? ['expected no such report'] : compareOom(truth, one)
    return found.map((fault) => `report ${index + 1} (${one.asker} asked): ${fault}`)
  })
  return [...missing, ...faults]
}

function stampOf(line: string): string {
  return line.slice(0, line.indexOf(']') + 1)
}

/**
 * A record goes to the console if its level is below console_loglevel (printk.c,
 * suppress_message_printing). On a busy host many arrive damaged, and are known by their stamps: the
 * driver gives a character up that the line does not take within 10 ms (8250_port.c, wait_for_xmitr).
 */
function compareConsole(
  log: readonly LogLine[],
  onConsole: readonly string[],
  consoleLoglevel: number,
): readonly string[] {
  const shown = new Set(onConsole)
  const stamps = new Set(onConsole.map(stampOf))
  const due = log.filter(({ level }) => level !== null && level < consoleLoglevel)
  const lost = due.filter(({ printed }) => !stamps.has(stampOf(printed)))
  const undue = log.filter((line) => !due.includes(line) && shown.has(line.printed))
  const told = `the console at loglevel ${consoleLoglevel}`
  return [
    ...undue.map(({ level, printed }) => `expected off ${told}: <${level}>${printed}`),
    ...(lost.length <= due.length * MAX_LOST_SHARE
      ? []
      : lost.map(({ level, printed }) => `expected on ${told}: <${level}>${printed}`)),
  ]
}

function compareWait(scenario: Scenario, guest: Guest, run: GuestRun): readonly string[] {
  const bytesPerMs = (guest.consoles[0]?.baud ?? 0) / 10_000
  const printMs = findReports(run.consoles[0] ?? []).map(
    ({ bytes, foreignBytes }) => (bytes + foreignBytes) / bytesPerMs,
  )
  const stallMs = longestStallMs(run.events, 'heartbeat')
  const longestMs = scenario.doOthersWait ? Math.max(0, ...printMs) : 0
  // Nobody may get memory between two reports.
  const allMs = scenario.doOthersWait ? printMs.reduce((sum, ms) => sum + ms, 0) : 0
  const from = longestMs < SURE_MS ? 0 : longestMs * 0.8
  const to = allMs * 1.25 + SLACK_MS
  if (stallMs >= from && stallMs <= to) return []
  return [`expected a wait of ${from.toFixed(0)} to ${to.toFixed(0)} ms, got ${stallMs}`]
}

/** The console's level in the scene; see kernelArguments for `quiet`. */
function consoleLoglevel({ sysctls }: Guest): number {
  return Number(sysctls?.['kernel.printk']?.trim().split(/\s+/)[0] ?? 4)
}

/**
 * What is not as the scenario says: who asked, under what constraint, who died, what stood on the
 * console, and how long a bystander waited. Empty where all is.
 * @param guest as it was run
 */
export function findFaults(scenario: Scenario, guest: Guest, run: GuestRun): readonly string[] {
  const onConsole = (run.consoles[0] ?? []).map(({ text }) => text)
  if (scenario.ooms.some(({ kind }) => kind === 'panic')) {
    return [
      ...differ('ending', 'gone', run.ending),
      ...compareOoms(scenario.ooms, findPrintedOoms(parseKernelLines(onConsole))),
      ...(onConsole.some((line) => PANICKED.test(line)) ? [] : ['expected a panic, saw none']),
    ]
  }
  if (run.ending !== 'played') return differ('ending', 'played', run.ending)
  const printed = findPrintedOoms(parseKernelLines(run.kernelLog))
  return [
    ...compareOoms(scenario.ooms, printed),
    ...compareConsole(
      printed.flatMap(({ lines }) => lines),
      onConsole,
      consoleLoglevel(guest),
    ),
    ...compareWait(scenario, guest, run),
  ]
}
