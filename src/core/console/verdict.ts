/** @module The sentence that stands first: would an OOM freeze this host, and for how long. */
import type { Facts } from './facts.ts'
import { costOfPrinting, costUnderGuard, isLowerBound, isNominal } from './facts.ts'
import { guardName, guardSets } from './guarding.ts'
import type { SeenConsole } from './host-consoles.ts'
import { formatPrintk, isShown } from './printk.ts'
import type { Measured } from './probe.ts'
import { measuredSpeed } from './probe.ts'
import { SHORT_MS } from './remedies.ts'
import { grouped, listed, onWire, seconds } from './say.ts'

/** How fast each serial line is: `ttyS1 carries 1,920 bytes a second`. */
function speeds(serial: readonly SeenConsole[]): string {
  return listed(
    serial.flatMap(({ name, line }) =>
      line === null
        ? []
        : [`${name} carries ${grouped(line.baud / line.bitsPerByte)} bytes a second`],
    ),
  )
}

function whyUnknown(facts: Facts): string {
  const { consoles, printk, report } = facts
  if (consoles === null) return '/proc/consoles could not be read'
  if (printk === null) return '/proc/sys/kernel/printk could not be read'
  if (report === null) return 'the kernel, its zones or its processes could not be read'
  return 'too little could be read'
}

/** What the freeze is, as far as it is known; for people and for JSON. */
export interface Verdict {
  readonly sentence: string
  /** `freeze`: it would stand still for a second or more; `short`; `none`; `nominal` and `unknown` are no figures. */
  readonly state: 'freeze' | 'short' | 'none' | 'nominal' | 'unknown'
  /** Milliseconds that every allocating process waits; `null` where that is not known. */
  readonly freezeMs: number | null
  /** The same if every serial line were held to its speed. */
  readonly nominalMs: number | null
  /** It may take longer: a console's speed is not known, or not all processes are seen. */
  readonly isBound: boolean
  /** What of it is left while a console guard at work keeps it off; `null`: there is none. */
  readonly guardedMs: number | null
}

/** From here on people notice: a login, a health check, a cluster's token. */
export const FREEZE_MS = 1000

/** What a console guard changes about it, in a sentence; '' where there is none. */
function guardSentence(facts: Facts, guardedMs: number | null): string {
  const { guard } = facts
  if (guard === null) return ''
  if (!guard.isAlive) {
    return ' A console guard that was ended has left the consoles quiet: `plimsoll doctor --undo console-guard` gives back what it found, and that is judged here.'
  }
  const left = guardedMs === null ? '' : `, which leaves ${seconds(guardedMs)} of it`
  const when = guard.isQuiet ? 'now, since an OOM is near' : 'while an OOM is near'
  const name = guardName(guard)
  return ` ${name[0]?.toUpperCase()}${name.slice(1)} is at work and ${guardSets(guard)} ${when}${left}.`
}

/** CONSOLE_LOGLEVEL_DEFAULT and MESSAGE_LOGLEVEL_DEFAULT (include/linux/printk.h). */
const KERNELS_OWN = { consoleLevel: 7, defaultLevel: 4 } as const

/** Why the report is short, where kernel.printk hides its bulk, and what it would be; '' where it does not. */
function levelSentence(facts: Facts): string {
  const { printk } = facts
  if (printk === null || isShown('default', printk)) return ''
  const own = { ...printk, ...KERNELS_OWN }
  const loud = costOfPrinting(facts, { printk: own })
  if (loud === null) return ''
  const { waitMs, unknown, nominal } = loud
  if (waitMs < SHORT_MS && unknown.length === 0) return ''
  const most =
    waitMs === 0
      ? onWire(Math.max(0, ...nominal.consoles.map(({ bytes }) => bytes)))
      : `${isLowerBound(facts, loud) ? 'at least ' : ''}${seconds(waitMs)}`
  return ` It is so little because kernel.printk is ${formatPrintk(printk)}; with the kernel's default, ${formatPrintk(own)}, it would be ${most}.`
}

/** Of the settings as their owner has them, and of a console guard that is at work. */
export function verdictOf(facts: Facts): Verdict {
  const owners = ownersVerdict(facts)
  const guardedMs = costUnderGuard(facts)?.waitMs ?? null
  const sentence = `${owners.sentence}${levelSentence(facts)}${guardSentence(facts, guardedMs)}`
  return { ...owners, sentence, guardedMs }
}

/** Why what was measured is not what the flags of the consoles say; '' where it is. */
function surprise({ hypervisor }: Facts, { consoles, isAsynchronous }: Measured): string {
  if (isAsynchronous === (consoles.length === 0)) return ''
  if (!isAsynchronous) return ', though no console says that it is waited for'
  const why = hypervisor === null ? 'another processor printed it' : 'the emulated line is not slow'
  return `, though ${listed(consoles)} is waited for: ${why}`
}

function measuredVerdict(
  facts: Facts,
  measured: Measured,
  waitMs: number,
  time: string,
  wire: string,
): Pick<Verdict, 'sentence' | 'state' | 'freezeMs'> {
  const how = `${measuredSpeed(measured)}${surprise(facts, measured)}`
  if (measured.isAsynchronous) {
    const sentence = `An OOM here would stop nobody for long: the report is ${wire}, and ${how}.`
    return { sentence, state: 'none', freezeMs: waitMs }
  }
  return {
    sentence: `An OOM here would stop every allocating process for ${time}: the report is ${wire}, and ${how}.`,
    state: waitMs >= FREEZE_MS ? 'freeze' : 'short',
    freezeMs: waitMs,
  }
}

function ownersVerdict(facts: Facts): Omit<Verdict, 'guardedMs'> {
  const printing = costOfPrinting(facts)
  if (printing === null) {
    const sentence = `Whether an OOM would freeze this host cannot be told: ${whyUnknown(facts)}.`
    return { sentence, state: 'unknown', freezeMs: null, nominalMs: null, isBound: false }
  }
  const { nominal, unknown } = printing
  const shown = nominal.consoles.filter(({ bytes }) => bytes > 0)
  const serial = (facts.consoles?.consoles ?? []).filter(
    (one) => one.kind === 'uart' && one.isSynchronous && one.line !== null,
  )
  const shownBytes = Math.max(0, ...shown.map(({ bytes }) => bytes))
  const wire = onWire(shownBytes)
  const unknownNames = listed(unknown.map(({ name }) => name))
  const isBound = isLowerBound(facts, printing)
  const nominalMs = nominal.waitMs
  const atLeast = isBound ? 'at least ' : ''
  const base = { nominalMs, isBound }
  if (facts.measured !== null && printing.isMeasured && shownBytes > 0) {
    const time = `${atLeast}${seconds(printing.waitMs)}`
    return { ...base, ...measuredVerdict(facts, facts.measured, printing.waitMs, time, wire) }
  }
  if (isNominal(facts) && shownBytes > 0 && serial.length > 0) {
    const sentence = `An OOM here would print ${wire} on ${listed(serial.map(({ name }) => name))} while every allocating process waits: ${atLeast}${seconds(nominalMs)} at its nominal speed, which an emulated line is rarely held to.`
    return { ...base, sentence, state: 'nominal', freezeMs: null }
  }
  if (nominalMs === 0 && unknown.length > 0) {
    const sentence = `An OOM here would print ${wire} on ${unknownNames} while every allocating process waits; the speed of ${unknownNames} is not known.`
    return { ...base, sentence, state: 'unknown', freezeMs: null }
  }
  if (nominalMs === 0) {
    const why =
      nominal.consoles.length === 0
        ? 'none is registered'
        : shownBytes === 0
          ? 'kernel.printk keeps its report off all of them'
          : 'threads of their own print, or the network takes it'
    const sentence = `An OOM here would not wait for a console: ${why}.`
    return { ...base, sentence, state: 'none', freezeMs: 0 }
  }
  const why = serial.length === 0 ? `${wire}` : `${wire} and ${speeds(serial)}`
  const sentence = `An OOM here would stop every allocating process for ${atLeast}${seconds(nominalMs)}: the report is ${why}.`
  return {
    ...base,
    sentence,
    state: nominalMs >= FREEZE_MS ? 'freeze' : 'short',
    freezeMs: nominalMs,
  }
}
