/**
 * @module What a fix may set in the running kernel, by names of its own: the undo journal holds these, so that no
 * path and no place in the file system is ever taken from a file.
 */
import { kindOf } from '../consoles.ts'
import { sysctlPath } from '../finding.ts'

const SYSCTLS: readonly string[] = [
  'kernel.hung_task_panic',
  'kernel.hung_task_warnings',
  'kernel.panic',
  'kernel.panic_on_oops',
  'kernel.printk',
  'kernel.printk_delay',
  'kernel.printk_devkmsg',
  'kernel.softlockup_panic',
  'kernel.sysrq',
  'vm.admin_reserve_kbytes',
  'vm.min_free_kbytes',
  'vm.oom_dump_tasks',
  'vm.oom_kill_allocating_task',
  'vm.overcommit_memory',
  'vm.panic_on_oom',
  'vm.swappiness',
  'vm.watermark_scale_factor',
]
const PARAMETERS: readonly string[] = ['always_kmsg_dump', 'ignore_loglevel']

export const PRINTK = 'kernel.printk'
/** Before the name of a UART: whether it is one of printk's consoles. */
export const CONSOLE = 'console '

const PATHS: ReadonlyMap<string, string> = new Map([
  ...SYSCTLS.map((name) => [name, sysctlPath(name)] as const),
  ...PARAMETERS.map((name) => [`printk.${name}`, `/sys/module/printk/parameters/${name}`] as const),
])
const NAMES: ReadonlyMap<string, string> = new Map([...PATHS].map(([name, path]) => [path, name]))

const TTY_PATH = /^\/sys\/class\/tty\/([A-Za-z]+\d+)\/console$/
const TTY_NAME = /^[A-Za-z]{1,16}\d{1,4}$/

/** The UART whose place among the consoles a setting is; `null`: it is another setting. */
export function consoleOf(name: string): string | null {
  const tty = name.startsWith(CONSOLE) ? name.slice(CONSOLE.length) : ''
  return TTY_NAME.test(tty) && kindOf(tty) === 'uart' ? tty : null
}

/** Where a setting lies; `null`: no fix sets anything of this name. */
export function settingPath(name: string): string | null {
  const tty = consoleOf(name)
  return tty === null ? (PATHS.get(name) ?? null) : `/sys/class/tty/${tty}/console`
}

/** A setting's name, by the path that a check writes; `null`: none that a fix may set. */
export function settingName(path: string): string | null {
  const tty = TTY_PATH.exec(path)?.[1]
  const name = tty === undefined ? NAMES.get(path) : `${CONSOLE}${tty}`
  return name !== undefined && settingPath(name) !== null ? name : null
}

/** Numbers and words alone: no setting above takes anything else. */
export function isSettingValue(text: string): boolean {
  return text.length <= 64 && /^-?\w+(\s+-?\w+)*$/.test(text)
}

/** As it is written and compared: blanks are one, and a flag is a digit (`Y` is read where `1` is written). */
export function plainValue(text: string): string {
  const words = text.trim().replace(/\s+/g, ' ')
  if (/^[Yy]$/.test(words)) return '1'
  return /^[Nn]$/.test(words) ? '0' : words
}
