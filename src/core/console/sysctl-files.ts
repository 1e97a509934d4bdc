/**
 * @module Files that set sysctls at boot, in the order in which they count: by their names, whatever directory they
 * are in, and of one name that in /etc (sysctl.d(5)). A drop-in of ours may be overridden by a later one.
 */
import type { Facts } from './facts.ts'
import type { Fix } from './finding.ts'
import { SYSCTL_DROP_IN } from './finding.ts'
import type { Reading } from './reading.ts'
import { filesLike, textOf } from './reading.ts'

export interface SysctlSetting {
  readonly path: string
  readonly value: string
}

const DIRECTORIES = ['/etc/', '/run/', '/usr/local/lib/', '/usr/lib/'] as const

function baseName(path: string): string {
  // sysctl(8) reads it last; Debian links it to this name for systemd-sysctl(8).
  return path === '/etc/sysctl.conf' ? '99-sysctl.conf' : path.slice(path.lastIndexOf('/') + 1)
}

function strength(path: string): number {
  return DIRECTORIES.findIndex((directory) => path.startsWith(directory))
}

/** Who sets a sysctl, the last of them counting. `kernel.printk` may be written `kernel/printk` too. */
export function settersOf(reading: Pick<Reading, 'files'>, name: string): readonly SysctlSetting[] {
  const files = filesLike(reading, /^\/etc\/sysctl\.conf$|\/sysctl\.d\/[^/]+\.conf$/)
  const winning = files.filter(
    ([path]) =>
      !files.some(
        ([other]) => baseName(other) === baseName(path) && strength(other) < strength(path),
      ),
  )
  const pattern = name.replaceAll('.', '[./]')
  const line = new RegExp(`^\\s*-?${pattern}\\s*=\\s*(.*?)\\s*$`, 'gm')
  return winning
    .toSorted(([a], [b]) => (baseName(a) < baseName(b) ? -1 : 1))
    .flatMap(([path, text]) => [...text.matchAll(line)].map(([, value = '']) => ({ path, value })))
}

/** What keeps a drop-in of ours from lasting, in words; '' where nothing does. */
function overriddenBy(facts: Facts, name: string): string {
  const later = settersOf(facts, name).filter(
    ({ path }) => path !== SYSCTL_DROP_IN && baseName(path) > baseName(SYSCTL_DROP_IN),
  )
  const last = later.at(-1)
  const profile = textOf(facts, '/etc/tuned/active_profile') ?? ''
  const tuned =
    name === 'kernel.printk' && facts.running.has('tuned') && profile !== ''
      ? `tuned runs with the profile ${profile} and may set ${name} too: its profile optimize-serial-console sets 4 4 1 7.`
      : ''
  const file =
    last === undefined ? '' : `${last.path} sets ${name} too, and counts at boot: change it there.`
  return [file, tuned].filter((text) => text !== '').join(' ')
}

/** The fix, with what would undo it at the next boot. */
export function withOverrides(facts: Facts, fix: Fix): Fix {
  const names = fix.persistent
    .filter(({ file }) => file === SYSCTL_DROP_IN)
    .map(({ text }) => text.slice(0, text.indexOf(' =')))
  const warnings = names.map((name) => overriddenBy(facts, name)).filter((text) => text !== '')
  if (warnings.length === 0) return fix
  return { ...fix, advice: [...warnings, fix.advice].filter((text) => text !== '').join(' ') }
}
