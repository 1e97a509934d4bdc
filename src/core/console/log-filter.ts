/**
 * @module Whether a log daemon's configuration keeps lines of level debug: raising default_message_loglevel
 * makes lines that have no level of their own debug lines. journald.conf(5), rsyslog.conf(5).
 */

/** Levels of syslog(3) as journald takes them, by name or number. */
const LEVELS = ['emerg', 'alert', 'crit', 'err', 'warning', 'notice', 'info', 'debug']

/** @param texts journald.conf and its drop-ins, in the order in which they are read: the last one wins */
export function journaldKeepsDebug(texts: readonly string[]): boolean {
  let level = 'debug'
  let storage = 'auto'
  let readsKernel = true
  for (const line of texts.join('\n').split('\n')) {
    const [, key, value] = /^\s*(MaxLevelStore|Storage|ReadKMsg)\s*=\s*(\S*)/.exec(line) ?? []
    if (key === 'MaxLevelStore') level = value === '' ? 'debug' : (value ?? '')
    if (key === 'Storage') storage = value ?? ''
    if (key === 'ReadKMsg') readsKernel = !/^(?:no|n|false|f|off|0)$/i.test(value ?? '')
  }
  return readsKernel && storage !== 'none' && (LEVELS[Number(level)] ?? level) === 'debug'
}

/** `kern.*`, `*.*`, `*.=debug`, alone or in a list, with what is excluded after it. */
const KEEPS = /^\s*(?:[^#\s]*[;,])?(?:\*|[a-z0-9,]*\bkern\b[a-z0-9,]*)\.(?:\*|=?debug)[;\s]/

/** @param texts rsyslog.conf and the files that it includes */
export function rsyslogKeepsDebug(texts: readonly string[]): boolean {
  const lines = texts.join('\n').split('\n')
  return lines.some((line) => KEEPS.test(line) && !/;kern\.none\b/.test(line))
}

/** What the logs of a host do with level debug; `null`: that daemon does not run. */
export function combineFilters(
  journald: boolean | null,
  rsyslog: boolean | null,
): 'keeps-debug' | 'drops-debug' | 'unknown' {
  if (journald === true || rsyslog === true) return 'keeps-debug'
  return journald === null && rsyslog === null ? 'unknown' : 'drops-debug'
}
