/** @module Which lines reach a console: the rule of printk, the same from 3.10 to 7.2. */
import type { LineLevel, PrintkSetting } from './records.ts'

/** kernel.printk's four numbers, or `undefined` where they are not that. */
export function parsePrintk(text: string, ignoresLevel = false): PrintkSetting | undefined {
  const numbers = text.trim().split(/\s+/).map(Number)
  if (numbers.length !== 4 || !numbers.every(Number.isInteger)) return undefined
  const [consoleLevel = 0, defaultLevel = 0, minimumLevel = 0, bootLevel = 0] = numbers
  return { consoleLevel, defaultLevel, minimumLevel, bootLevel, ignoresLevel }
}

/** The four numbers as they are written to kernel.printk. */
export function formatPrintk(setting: PrintkSetting): string {
  const { consoleLevel, defaultLevel, minimumLevel, bootLevel } = setting
  return `${consoleLevel} ${defaultLevel} ${minimumLevel} ${bootLevel}`
}

/**
 * Whether consoles show a line: its level is below console_loglevel (printk.c,
 * suppress_message_printing). Asked when the line is printed, not when it is logged.
 */
export function isShown(level: LineLevel, setting: PrintkSetting): boolean {
  const own = level === 'default' ? setting.defaultLevel : level
  return setting.ignoresLevel || own < setting.consoleLevel
}
