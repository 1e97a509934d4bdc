/** @module What a row calls its subject, in as many columns as there are. */
import { scriptOf } from '../../../core/procfs/program-name.ts'
import type { SubjectRow } from '../../../core/wire/records.ts'
import type { Look } from './look.ts'
import { glyphsOf } from './look.ts'
import { cutMiddle, cutStart, displayWidth, safeText } from './text.ts'

/** The first of `names` that fits, longest first; else the last, without its middle. */
function shorten(names: readonly string[], width: number, ellipsis: string): string {
  const fitting = names.find((name) => displayWidth(name) <= width)
  return fitting ?? cutMiddle(names.at(-1) ?? '', width, ellipsis)
}

/**
 * `nginx 4121` is a process, `nginx.service ×4` a service with its processes, `tmpfs /run` a pool.
 * Where it is too long, what tells it from others stays: the pid, the script and not its interpreter,
 * a unit without `.service`, the end of a path.
 */
export function formatWho(row: SubjectRow, width: number, look: Look): string {
  const { ellipsis, times } = glyphsOf(look)
  const safe = safeText(row.name, look.isUnicode)
  const name = safe.trim() === '' ? '(no name)' : safe
  switch (row.kind) {
    case 'process': {
      const tail = ` ${row.pid ?? ''}`
      const script = scriptOf(name)
      const names = script === undefined ? [name] : [name, script]
      return shorten(names, width - displayWidth(tail), ellipsis) + tail
    }
    case 'service': {
      const tail = ` ${times}${row.processes ?? ''}`
      const names = [name, scriptOf(name) ?? name.replace(/\.service$/, '')]
      return shorten(names, width - displayWidth(tail), ellipsis) + tail
    }
    case 'kernel':
      return shorten([`kernel ${name}`, name], width, ellipsis)
    default: {
      const head = `${row.kind} `
      return head + cutStart(name, width - head.length, ellipsis)
    }
  }
}
