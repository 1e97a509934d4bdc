/**
 * @module What bears on how this host's consoles may be quieted. Read once, in calm times: listing the
 * consoles takes console_lock, which somebody who prints may hold.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { kindOf, parseConsoleArguments, parseConsoles } from '../core/console/consoles.ts'
import { debugInLogs } from '../core/console/log-filter.ts'
import type { QuietingHost } from '../core/console/quieting.ts'
import { quietingConsoles } from '../core/console/quieting.ts'
import { readSlow } from './write-slow.ts'

export type ConsoleFacts = Omit<QuietingHost, 'printk'>

export interface HostRoots {
  readonly procRoot: string
  readonly sysRoot: string
  /** In front of /etc, /run and /dev; '' is this host's. */
  readonly hostRoot: string
}

const MAX_CONFIG_BYTES = 256 * 1024
const MAX_FILES = 64

function readText(path: string): string {
  try {
    return statSync(path).size > MAX_CONFIG_BYTES ? '' : readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.conf'))
      .slice(0, MAX_FILES)
  } catch {
    return []
  }
}

/** Files, and folders of drop-ins, by which logs are configured. */
const LOG_FILES = ['/etc/systemd/journald.conf', '/etc/rsyslog.conf'] as const
const LOG_FOLDERS = [
  ...['/usr/lib', '/run', '/etc'].map((top) => `${top}/systemd/journald.conf.d`),
  '/etc/rsyslog.d',
] as const

function readLog(hostRoot: string): QuietingHost['log'] {
  const inFolders = LOG_FOLDERS.flatMap((folder) =>
    namesIn(`${hostRoot}${folder}`).map((name) => `${folder}/${name}`),
  )
  const files = new Map(
    [...LOG_FILES, ...inFolders].map((path) => [path, readText(`${hostRoot}${path}`)]),
  )
  return debugInLogs(
    { files },
    {
      journald: existsSync(`${hostRoot}/run/systemd/journal`),
      rsyslog: existsSync(`${hostRoot}/run/rsyslogd.pid`),
    },
  )
}

/** Where a UART is taken from printk and given back ('N', 'Y'; ABI/testing/sysfs-tty). */
export function uartConsolePath(sysRoot: string, name: string): string {
  return `${sysRoot}/class/tty/${name}/console`
}

/** UARTs that can be taken from printk, whether they are now or not. */
export function findDetachable(sysRoot: string): readonly string[] {
  try {
    return readdirSync(`${sysRoot}/class/tty`).filter(
      (name) => kindOf(name) === 'uart' && existsSync(uartConsolePath(sysRoot, name)),
    )
  } catch {
    return []
  }
}

export async function readConsoleFacts({
  procRoot,
  sysRoot,
  hostRoot,
}: HostRoots): Promise<ConsoleFacts> {
  const all = parseConsoles((await readSlow(`${procRoot}/consoles`)) ?? '')
  const given = parseConsoleArguments((await readSlow(`${procRoot}/cmdline`)) ?? '')
  const version = (await readSlow(`${procRoot}/sys/kernel/version`)) ?? ''
  return {
    consoles: quietingConsoles(all, given, /\bPREEMPT_RT\b/.test(version)),
    log: readLog(hostRoot),
    detachable: findDetachable(sysRoot),
  }
}
