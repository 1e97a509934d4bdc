/**
 * @module The doctor's view of a guest: the files that it reads of a host, printed by the guest just before the
 * scene, and put into a tree on this host, as `plimsoll doctor --root` audits one.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { type Facts, factsOf } from '../../src/core/console/facts.ts'
import type { ReportTask } from '../../src/core/console/records.ts'
import type { Asked } from '../../src/core/console/stack.ts'
import { readForDoctor } from '../../src/linux/console-reading.ts'
import { SOURCES } from '../../src/linux/console-sources.ts'

const BEGINS = '=== tree'
const ENDS = '=== end of tree'
/** head(1)'s title of each of several files. */
const TITLE = /^==> (\/\S+) <==$/
/** Processes of the printing itself: they are gone when the scene begins. */
const PRINTING = new Set(['sh', 'head', 'gzip', 'base64', 'init'])

/** Lines of script that print the tree on the talk port. */
export function printTree(): readonly string[] {
  const patterns = SOURCES.map(({ path }) => path).filter((path) => /^\/(proc|sys)\//.test(path))
  return [
    `echo '${BEGINS}'`,
    'files=""',
    `for file in ${patterns.join(' ')} /proc/cmdline /proc/[0-9]*/status; do [ -r "$file" ] && files="$files $file"; done`,
    'head -n 100000 $files 2> /dev/null | gzip | base64',
    `echo '${ENDS}'`,
  ]
}

/** What the guest printed, by path. */
function parseTree(talk: readonly string[]): ReadonlyMap<string, string> {
  const lines = talk.slice(talk.indexOf(BEGINS) + 1, talk.indexOf(ENDS))
  const text = gunzipSync(Buffer.from(lines.join(''), 'base64')).toString()
  const files = new Map<string, string>()
  let path: string | undefined
  for (const line of text.split('\n')) {
    const title = TITLE.exec(line)?.[1]
    if (title !== undefined) path = title
    else if (path !== undefined) files.set(path, `${files.get(path) ?? ''}${line}\n`)
  }
  return files
}

/** What the doctor knows of the guest, with the leaker that is still to come. */
export function guestFacts(talk: readonly string[], leaker: ReportTask, asked: Asked): Facts {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-tree-'))
  try {
    for (const [path, text] of parseTree(talk)) {
      mkdirSync(join(root, dirname(path)), { recursive: true })
      writeFileSync(join(root, path), text)
    }
    const reading = readForDoctor(root)
    const processes = (reading.processes ?? []).filter(
      ({ pid, comm }) => pid === 1 || !PRINTING.has(comm),
    )
    return factsOf({ ...reading, processes: [...processes, leaker] }, asked)
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}
