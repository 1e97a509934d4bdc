/**
 * @module The host's consoles: who gets printk's lines, how fast, and whether the producer waits for it.
 * From /proc/consoles (fs/proc/consoles.c) and console= of the kernel's command line (printk.c, console_setup;
 * serial_core.c, uart_parse_options).
 */

/** A line of /proc/consoles. */
export interface RegisteredConsole {
  /** `ttyS1`, `tty0`, `hvc0`, `netcon0`. */
  readonly name: string
  readonly isEnabled: boolean
  /** The one that /dev/console is. */
  readonly isPreferred: boolean
  /** An early console that is still there: every line goes out twice. */
  readonly isBoot: boolean
  /** A thread of its own prints (6.12 on): nobody waits. */
  readonly isNbcon: boolean
}

/**
 * Flags are read as a set: 6.12 put one more column between them. A name becomes part of a path in /sys, so what
 * could lead elsewhere is no name.
 */
const LINE = /^(?!\.\.? )([\w.-]+) +[-RWU]{3} +\(([^)]*)\)/

/** /proc/consoles; lines that are none are left out. */
export function parseConsoles(text: string): readonly RegisteredConsole[] {
  return text.split('\n').flatMap((line) => {
    const match = LINE.exec(line)
    if (match === null) return []
    const [, name = '', flags = ''] = match
    return [
      {
        name,
        isEnabled: flags.includes('E'),
        isPreferred: flags.includes('C'),
        isBoot: flags.includes('B'),
        isNbcon: flags.includes('N'),
      },
    ]
  })
}

/** How a serial line is driven. */
export interface LineFormat {
  readonly baud: number
  /** Start, data, parity and stop bits. */
  readonly bitsPerByte: number
  /** RTS/CTS: up to a second for each character that nobody takes. */
  readonly hasFlowControl: boolean
}

/** What the 8250 driver takes where console= says nothing (serial8250_console_setup). */
const DEFAULT_FORMAT: LineFormat = { baud: 9600, bitsPerByte: 10, hasFlowControl: false }

const OPTIONS = /^(\d+)([noe])?([78])?(r)?/

/** `115200n8`, `19200`, `9600e7r`; what is none of these is the driver's default. */
export function parseLineOptions(text: string): LineFormat {
  const match = OPTIONS.exec(text)
  if (match === null) return DEFAULT_FORMAT
  const [, baud, parity = 'n', bits = '8', flow] = match
  const parityBits = parity === 'n' ? 0 : 1
  return {
    baud: Number(baud),
    bitsPerByte: 1 + Number(bits) + parityBits + 1,
    hasFlowControl: flow === 'r',
  }
}

export interface ConsoleArgument {
  readonly name: string
  readonly options: string
}

/** All console= of a kernel command line, in their order; the last is /dev/console. */
export function parseConsoleArguments(commandLine: string): readonly ConsoleArgument[] {
  return [...commandLine.matchAll(/(?:^|\s)console=(\S*)/g)].flatMap(([, value = '']) => {
    const [device = '', ...options] = value.split(',')
    if (device === '' || device === 'null') return []
    // A name that is a number is that of a serial port.
    return [{ name: /^\d/.test(device) ? `ttyS${device}` : device, options: options.join(',') }]
  })
}

export type ConsoleKind = 'uart' | 'screen' | 'hypervisor' | 'network' | 'other'

/** Kinds by the driver's name: what a byte costs is known for a UART only. */
export function kindOf(name: string): ConsoleKind {
  if (/^(ttyS|ttyAMA|ttyMSM|ttyLP|ttymxc|ttySC|ttyUL|ttyPS|ttySIF|ttyTCU|uart)/.test(name))
    return 'uart'
  if (/^tty\d*$/.test(name)) return 'screen'
  if (/^(hvc|xvc|hvsi)/.test(name)) return 'hypervisor'
  if (/^netcon/.test(name)) return 'network'
  return 'other'
}

/**
 * Whether printk's caller waits for a console. With a boot console left, all are flushed by the caller (printk.c,
 * have_boot_console); on PREEMPT_RT one thread prints for all (force_legacy_kthread).
 * @param enabled all that are
 */
export function isSynchronous(
  console: RegisteredConsole,
  enabled: readonly RegisteredConsole[],
  isRealtime: boolean,
): boolean {
  return enabled.some(({ isBoot }) => isBoot) || !(console.isNbcon || isRealtime)
}
