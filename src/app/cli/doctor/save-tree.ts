/**
 * @module Writes what was read as a tree of files, to be audited elsewhere by `--root`. What is written is the
 * reading itself, so nothing can be in it that the doctor did not look at.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { messageOf, PlimsollError } from '../../../base/errors.ts'
import { KIB } from '../../../base/units.ts'
import type { Reading } from '../../../core/console/reading.ts'
import type { ReportTask } from '../../../core/console/records.ts'

/** The lines of /proc/PID/status that are read, as the kernel writes them (fs/proc/array.c). */
function statusText(task: ReportTask, pageBytes: number): string {
  const kb = (pages: number): string => `${Math.round((pages * pageBytes) / KIB)} kB`
  const name = task.comm.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
  return `Name:\t${name}
Uid:\t${task.uid}\t${task.uid}\t${task.uid}\t${task.uid}
VmSize:\t${kb(task.totalVmPages)}
RssAnon:\t${kb(task.rssAnonPages)}
RssFile:\t${kb(task.rssFilePages)}
RssShmem:\t${kb(task.rssShmemPages)}
VmSwap:\t${kb(task.swapPages)}
`
}

/** Every file of the tree, by its path in it. */
export function treeOf(reading: Reading): ReadonlyMap<string, string> {
  const tree = new Map<string, string>()
  for (const [path, text] of reading.files) tree.set(path, text === '' ? '' : `${text}\n`)
  for (const task of reading.processes ?? []) {
    tree.set(`/proc/${task.pid}/status`, statusText(task, reading.pageBytes))
    if (task.oomScoreAdj !== 0) tree.set(`/proc/${task.pid}/oom_score_adj`, `${task.oomScoreAdj}\n`)
  }
  if (reading.seesAll) tree.set('/proc/2/status', 'Name:\tkthreadd\n')
  return tree
}

/**
 * Paths hold names that were read, and with `--root` from anybody's tree.
 * @throws PLM_USAGE where the directory is there already, or cannot be made, or a path would leave it
 */
export function saveTree(reading: Reading, directory: string): void {
  const tree = treeOf(reading)
  for (const path of tree.keys()) {
    if (!path.split('/').includes('..')) continue
    throw new PlimsollError('PLM_USAGE', `--save-tree: ${JSON.stringify(path)} leads elsewhere`, {
      hint: 'No file was written. What was read names such a file itself: do not trust it.',
    })
  }
  try {
    mkdirSync(directory, { mode: 0o700 })
    for (const [path, text] of tree) {
      const file = join(directory, path)
      mkdirSync(dirname(file), { recursive: true })
      writeFileSync(file, text, { mode: 0o600, flag: 'wx' })
    }
  } catch (error) {
    throw new PlimsollError(
      'PLM_USAGE',
      `--save-tree: cannot write ${directory}: ${messageOf(error)}`,
      { hint: 'Name a directory that does not exist yet, where this user may write.' },
    )
  }
}
