/** @module The consoles of a host with all that is known of each: who waits for it, and how fast it is. */
import type { ConsoleArgument, LineFormat, RegisteredConsole } from './consoles.ts'
import {
  isSynchronous,
  kindOf,
  parseConsoleArguments,
  parseConsoles,
  parseLineOptions,
} from './consoles.ts'
import type { HostConsole } from './cost.ts'
import type { Reading } from './reading.ts'
import { termiosPath, textOf } from './reading.ts'

export interface SeenConsole extends HostConsole {
  /** Speed and framing; `null`: no serial line, or not known. */
  readonly line: LineFormat | null
  readonly lineFrom: 'termios' | 'console=' | 'default' | null
  readonly isPreferred: boolean
  readonly isBoot: boolean
  /** Whether it can be taken off printk through sysfs (since 5.10; drivers/tty/serial/serial_core.c). */
  readonly canDetach: boolean
}

export interface HostConsoles {
  readonly consoles: readonly SeenConsole[]
  /** Where the list is from: the kernel's command line only says what was asked for. */
  readonly from: '/proc/consoles' | '/proc/cmdline'
}

export const EMULATED = 'an emulated line is rarely held to its speed'

/** `stty -a` of a line (coreutils): `speed 19200 baud; ...`, `-parenb ... cs8 ... -cstopb`. */
export function parseTermios(text: string): Omit<LineFormat, 'hasFlowControl'> | null {
  const speed = /^speed (\d+) baud/.exec(text)
  const baud = Number(speed?.[1] ?? 0)
  if (baud === 0) return null
  const words = new Set(text.split(/[\s;]+/))
  const data = Number(/\bcs([5-8])\b/.exec(text)?.[1] ?? 8)
  return {
    baud,
    bitsPerByte: 1 + data + (words.has('parenb') ? 1 : 0) + (words.has('cstopb') ? 2 : 1),
  }
}

function lineOf(
  name: string,
  given: readonly ConsoleArgument[],
  reading: Pick<Reading, 'files'>,
): Pick<SeenConsole, 'line' | 'lineFrom'> {
  if (kindOf(name) !== 'uart') return { line: null, lineFrom: null }
  const argument = given.findLast((one) => one.name === name)
  const asked = argument === undefined ? null : parseLineOptions(argument.options)
  const live = parseTermios(textOf(reading, termiosPath(name)) ?? '')
  if (live !== null) {
    // What getty has set since counts for the console too; who waits for CTS was said at the start.
    const hasFlowControl = asked?.hasFlowControl ?? false
    return { line: { ...live, hasFlowControl }, lineFrom: 'termios' }
  }
  if (asked === null) return { line: null, lineFrom: null }
  const isSaid = /^\d/.test(argument?.options ?? '')
  return { line: asked, lineFrom: isSaid ? 'console=' : 'default' }
}

function costOf(
  name: string,
  line: LineFormat | null,
  hypervisor: string | null,
): HostConsole['cost'] {
  const kind = kindOf(name)
  if (kind === 'screen') return { from: 'unknown', why: 'a screen has no speed that is known' }
  if (kind === 'network') return { from: 'unknown', why: 'what a packet takes is not counted' }
  if (kind !== 'uart') return { from: 'unknown', why: `the speed of ${kind} consoles is not known` }
  if (hypervisor !== null) return { from: 'unknown', why: EMULATED }
  if (line === null) return { from: 'unknown', why: 'neither stty nor console= told its speed' }
  return { from: 'baud', baud: line.baud, msPerByte: (1000 * line.bitsPerByte) / line.baud }
}

function namedOnly(given: readonly ConsoleArgument[]): readonly RegisteredConsole[] {
  const last = given.at(-1)?.name
  return [...new Set(given.map(({ name }) => name))].map((name) => ({
    name,
    isEnabled: true,
    isPreferred: name === last,
    isBoot: false,
    isNbcon: false,
  }))
}

/**
 * @returns `null` where neither /proc/consoles nor the command line names any
 */
export function hostConsoles(
  reading: Pick<Reading, 'files'>,
  isRealtime: boolean,
  hypervisor: string | null,
): HostConsoles | null {
  const given = parseConsoleArguments(textOf(reading, '/proc/cmdline') ?? '')
  const list = textOf(reading, '/proc/consoles')
  const registered = list === null ? namedOnly(given) : parseConsoles(list)
  if (list === null && registered.length === 0) return null
  const enabled = registered.filter(({ isEnabled }) => isEnabled)
  const consoles = enabled.map((one): SeenConsole => {
    const { line, lineFrom } = lineOf(one.name, given, reading)
    return {
      name: one.name,
      kind: kindOf(one.name),
      isSynchronous: isSynchronous(one, enabled, isRealtime),
      cost: costOf(one.name, line, hypervisor),
      line,
      lineFrom,
      isPreferred: one.isPreferred,
      isBoot: one.isBoot,
      canDetach: textOf(reading, `/sys/class/tty/${one.name}/console`) !== null,
    }
  })
  return { consoles, from: list === null ? '/proc/cmdline' : '/proc/consoles' }
}

/** The same consoles as if every serial line were held to its speed. */
export function nominally(consoles: readonly SeenConsole[]): readonly SeenConsole[] {
  return consoles.map((one) =>
    one.line === null
      ? one
      : {
          ...one,
          cost: {
            from: 'baud',
            baud: one.line.baud,
            msPerByte: (1000 * one.line.bitsPerByte) / one.line.baud,
          },
        },
  )
}
