/**
 * @module How fast this host's consoles are, all that are waited for together, by the time of one line: a write to
 * /dev/kmsg runs the same path as printk (kernel/printk/printk.c, devkmsg_write, vprintk_emit, console_unlock).
 */
import type { Facts } from './facts.ts'
import type { SeenConsole } from './host-consoles.ts'
import { integerOf, textOf } from './reading.ts'
import { grouped, listed, seconds } from './say.ts'
import { wireBytes } from './wire.ts'

export const PROBE_WRITES = 3
/** Of one write, with its level and without its end; from 976 on older kernels refuse it (LOG_LINE_MAX). */
const PROBE_BYTES = 899
/** Where a line's speed is not known: the slowest that is still met. */
const SLOWEST_BAUD = 9600
/** In percent over 10 s: above it the time would be others' too. */
const CALM_PERCENT = 5
/** Faster than any console that is waited for: 10 Mbit/s. */
const ASYNCHRONOUS_MS_PER_BYTE = 0.001

export interface Probe {
  /** As it is written to /dev/kmsg. */
  readonly lines: readonly string[]
  /** On each console, of each line. */
  readonly wireBytes: number
  readonly expectedMs: number
  /** What is about to happen, in sentences. */
  readonly notice: string
}

/** The highest that is shown, so that nobody is alarmed; never 0, which is broadcast to every terminal. */
function probeLevel({ printk }: Facts): number | null {
  if (printk === null) return null
  const level = printk.ignoresLevel ? 7 : Math.min(7, printk.consoleLevel - 1)
  return level >= 1 ? level : null
}

function waitedFor({ consoles }: Facts): readonly SeenConsole[] {
  return consoles?.consoles.filter(({ isSynchronous }) => isSynchronous) ?? []
}

/** Why nothing is measured, as a sentence; `null`: nothing stands against it. */
export function whyNoProbe(facts: Facts): string | null {
  const pressure = textOf(facts, '/proc/pressure/memory') ?? ''
  const some = Number(/^some avg10=([\d.]+)/m.exec(pressure)?.[1] ?? 0)
  if (some > CALM_PERCENT) {
    return `Memory is short now (${some} % of the last 10 s): a measurement would time that too.`
  }
  if (textOf(facts, '/proc/sys/kernel/printk_devkmsg') === 'off') {
    return 'kernel.printk_devkmsg is off: the kernel takes no lines from programs.'
  }
  if (facts.consoles === null || facts.consoles.consoles.length === 0) {
    return 'No console is seen.'
  }
  if (facts.guard?.isQuiet === true) {
    return "A console guard has quieted the consoles: the owner's level is not in force now."
  }
  if (facts.report === null) return 'The report of this kernel is not known.'
  if (probeLevel(facts) === null) {
    return 'At this level (kernel.printk) consoles show nothing but emergencies.'
  }
  return null
}

function probeLine(level: number, at: number): string {
  const head = `<${level}>plimsoll: console speed probe ${at} of ${PROBE_WRITES}: `
  const filling = 'this line times the console and means nothing else. '
  return (head + filling.repeat(PROBE_BYTES / filling.length + 1)).slice(0, PROBE_BYTES).trimEnd()
}

/** @returns `null` where `whyNoProbe` says why */
export function makeProbe(facts: Facts): Probe | null {
  const level = probeLevel(facts)
  if (level === null || whyNoProbe(facts) !== null) return null
  const lines = Array.from({ length: PROBE_WRITES }, (_, at) => probeLine(level, at + 1))
  const bytes = wireBytes(lines[0]?.replace(/^<\d>/, '') ?? '', facts.stamp)
  const serial = waitedFor(facts).filter(({ kind }) => kind === 'uart')
  const expectedMs = serial.reduce((sum, { line }) => {
    const perByte = line === null ? 10_000 / SLOWEST_BAUD : (line.bitsPerByte * 1000) / line.baud
    return sum + PROBE_WRITES * bytes * perByte
  }, 0)
  const names = listed((facts.consoles?.consoles ?? []).map(({ name }) => name))
  const time = expectedMs === 0 ? 'a moment' : `about ${seconds(expectedMs)}`
  return {
    lines,
    wireBytes: bytes,
    expectedMs,
    notice: `This prints ${PROBE_WRITES} lines of ${grouped(bytes)} bytes on ${names} ("plimsoll: console speed probe"), and takes ${time}. Whoever prints meanwhile waits.`,
  }
}

/** All consoles that are waited for, as one. */
export interface Measured {
  readonly consoles: readonly string[]
  readonly writesMs: readonly number[]
  readonly wireBytes: number
  readonly msPerByte: number
  /** So fast that nobody waits, whatever the consoles' flags say. */
  readonly isAsynchronous: boolean
}

/**
 * The shortest is what nobody disturbed. One of less than half the middle one was taken over by another processor,
 * which printed the rest (printk.c, console_trylock_spinning).
 */
export function undisturbedMs(writesMs: readonly number[]): number {
  const sorted = [...writesMs].sort((a, b) => a - b)
  const middle = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
  return sorted.find((ms) => ms >= middle / 2) ?? Number.NaN
}

/** @param writesMs of each line */
export function conclude(facts: Facts, probe: Probe, writesMs: readonly number[]): Measured {
  const delayMs = integerOf(facts, '/proc/sys/kernel/printk_delay') ?? 0
  const msPerByte = Math.max(0, undisturbedMs(writesMs) - delayMs) / probe.wireBytes
  return {
    consoles: waitedFor(facts).map(({ name }) => name),
    writesMs,
    wireBytes: probe.wireBytes,
    msPerByte,
    isAsynchronous: msPerByte < ASYNCHRONOUS_MS_PER_BYTE,
  }
}

/** What was measured, as a clause. */
export function measuredSpeed({
  consoles,
  writesMs,
  wireBytes: bytes,
  msPerByte,
  isAsynchronous,
}: Measured): string {
  if (isAsynchronous) {
    const time = undisturbedMs(writesMs).toFixed(1)
    return `a line of ${grouped(bytes)} bytes took its writer ${time} ms when it was measured`
  }
  const where = consoles.length === 0 ? '' : ` on ${listed(consoles)}`
  const together = consoles.length > 1 ? ' together' : ''
  return `${grouped(1000 / msPerByte)} bytes a second were measured${where}${together}`
}
