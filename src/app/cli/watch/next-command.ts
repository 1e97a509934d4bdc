/** @module The command that looks further, by kind of subject; it must be there on any host. */
import type { SubjectRow } from '../../../core/wire/records.ts'

/** What a shell takes as it stands. */
const PLAIN = /^[\w@%+=:,./-]+$/

/** A word of a shell command; `undefined` for what cannot be shown and copied as it is. */
function quote(word: string): string | undefined {
  if (PLAIN.test(word) && !word.startsWith('-')) return word
  return /^[\x20-\x7e]+$/.test(word) ? `'${word.replaceAll("'", "'\\''")}'` : undefined
}

function withWord(word: string | null, command: (quoted: string) => string): string | null {
  const quoted = word === null ? undefined : quote(word)
  return quoted === undefined ? null : command(quoted)
}

/** `null`: there is none. */
export function nextCommand(row: SubjectRow): string | null {
  switch (row.kind) {
    case 'process':
      return row.pid === null ? null : `sudo cat /proc/${row.pid}/smaps_rollup`
    case 'service':
      return withWord(row.unit, (unit) => `systemctl status -- ${unit}`)
    case 'cgroup':
      return withWord(row.cgroup, (path) => `systemd-cgls -- ${path}`)
    case 'tmpfs':
      return withWord(row.name, (path) => `sudo du -xh --max-depth=1 -- ${path} | sort -h`)
    case 'shm':
      return 'ipcs -m -p'
    case 'slab':
      return 'sudo slabtop -o -s c'
    case 'kernel':
      return 'cat /proc/meminfo'
  }
}
