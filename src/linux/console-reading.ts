/** @module Reads a host, live or saved, for the doctor. Nothing is written, and nothing is asked while memory is short. */
import { kindOf, parseConsoles } from '../core/console/consoles.ts'
import { GUARD_JOURNAL, parseGuardJournal } from '../core/console/guard-journal.ts'
import { GUARD_PROCESS } from '../core/console/guarding.ts'
import { LOG_BUFFER_LINE } from '../core/console/log-buffer.ts'
import type { Reading, UnreadFile } from '../core/console/reading.ts'
import { DENIED, termiosPath } from '../core/console/reading.ts'
import { parseZones } from '../core/procfs/zones.ts'
import { readLogBufferLine, readPackedConfig, readTermios } from './console-live.ts'
import { readProcesses } from './console-processes.ts'
import type { Source } from './console-sources.ts'
import { CONFIG_LINES, KERNEL_PARAMETERS, SOURCES } from './console-sources.ts'
import type { Tree } from './console-tree.ts'
import { LONG_BYTES, openTree } from './console-tree.ts'
import { readKernelUnits } from './page-size.ts'
import { readStartTicks } from './start-ticks.ts'

/** A directory with more files than this is not what it should be. */
const MAX_NAMES = 4000
const PAGE_SIZE = '/plimsoll/page-size'
const PAGE_BYTES = 4096
/** Above this, in percent over 10 s, reading /proc/consoles may wait for a report that is being printed. */
const CALM_PERCENT = 10

const WHY = { denied: DENIED, failed: 'reading it fails' } as const

/** All paths that a pattern stands for; directories on the way that may not be listed go to `unread`. */
function expand(tree: Tree, pattern: string, unread: UnreadFile[]): readonly string[] {
  const names = (directory: string): readonly string[] => {
    const listed = tree.list(directory)
    if (listed === null) unread.push({ path: directory, why: WHY.denied })
    return listed?.slice(0, MAX_NAMES) ?? []
  }
  return pattern.split('/').reduce<readonly string[]>(
    (bases, part) => {
      if (!part.includes('*')) return part === '' ? bases : bases.map((base) => `${base}/${part}`)
      const [head = '', tail = ''] = part.split('*')
      return bases.flatMap((base) =>
        names(base)
          .filter((name) => name.startsWith(head) && name.endsWith(tail))
          .map((name) => `${base}/${name}`),
      )
    },
    [''],
  )
}

function keepLines(text: string, keep: RegExp): string {
  return text
    .split('\n')
    .filter((line) => keep.test(line))
    .join('\n')
}

/** Command line words that are asked for; what stands behind `--` is init's. */
function keepWords(text: string): string {
  const [own = ''] = text.split(/\s--(?:\s|$)/)
  return own
    .split(/\s+/)
    .filter((word) => KERNEL_PARAMETERS.includes(word.split('=', 1)[0] ?? ''))
    .join(' ')
}

interface Draft {
  readonly files: Map<string, string>
  readonly unread: UnreadFile[]
}

/** More of one kind than this are told as a number. */
const MAX_TOLD = 3

function readSource(tree: Tree, source: Source, { files, unread }: Draft): void {
  const failed: UnreadFile[] = []
  const paths = expand(tree, source.path, failed)
  for (const path of paths) {
    if (source.isPresence === true) {
      const isThere = tree.has(path)
      if (isThere === null) failed.push({ path, why: WHY.denied })
      if (isThere === true) files.set(path, '')
      continue
    }
    const got = tree.read(path, source.maxBytes)
    if (!got.ok) {
      // A driver that has no such file says so by an error; nobody misses it.
      const isMissed = got.why === 'denied' || (got.why === 'failed' && paths.length === 1)
      if (isMissed) failed.push({ path, why: WHY[got.why] })
      continue
    }
    const text = source.keep === undefined ? got.text : keepLines(got.text, source.keep)
    if (source.keep === undefined || text !== '') files.set(path, text)
  }
  const [first] = failed
  if (first === undefined || failed.length <= MAX_TOLD) unread.push(...failed)
  else unread.push({ path: `${source.path} (${failed.length} files)`, why: first.why })
}

function readCommandLine(tree: Tree, { files, unread }: Draft): void {
  const got = tree.read('/proc/cmdline')
  if (got.ok) files.set('/proc/cmdline', keepWords(got.text))
  else if (got.why !== 'gone') unread.push({ path: '/proc/cmdline', why: WHY[got.why] })
}

function readConfig(tree: Tree, isLive: boolean, { files }: Draft): void {
  const release = files.get('/proc/sys/kernel/osrelease') ?? ''
  const path = `/boot/config-${release}`
  const plain = /^[\w.+~-]+$/.test(release) ? tree.read(path, LONG_BYTES) : undefined
  if (plain?.ok === true) {
    files.set(path, keepLines(plain.text, CONFIG_LINES))
    return
  }
  // A saved tree holds the lines alone, under the same name.
  const saved = isLive ? undefined : tree.read('/proc/config.gz')
  const text = isLive ? readPackedConfig('/proc/config.gz') : saved?.ok === true ? saved.text : null
  if (text !== null) files.set('/proc/config.gz', keepLines(text, CONFIG_LINES))
}

/** A saved tree has them among its files. */
function readLines(tree: Tree, isLive: boolean, { files, unread }: Draft): void {
  for (const { name } of parseConsoles(files.get('/proc/consoles') ?? '')) {
    if (kindOf(name) !== 'uart') continue
    const saved = isLive ? undefined : tree.read(termiosPath(name))
    const text = isLive ? readTermios(name) : saved?.ok === true ? saved.text : null
    if (text !== null) files.set(termiosPath(name), text)
    else if (isLive) {
      const why = 'stty cannot open it: its speed is what console= asked for'
      unread.push({ path: `/dev/${name}`, why })
    }
  }
}

function readLogBuffer(tree: Tree, isLive: boolean, { files }: Draft): void {
  const saved = isLive ? undefined : tree.read(LOG_BUFFER_LINE)
  const line = isLive ? readLogBufferLine() : saved?.ok === true ? saved.text : null
  if (line !== null) files.set(LOG_BUFFER_LINE, line)
}

/** Whether the guard runs that wrote the journal; a saved tree has the answer among its files. */
function readGuard(tree: Tree, isLive: boolean, { files }: Draft): void {
  const by = parseGuardJournal(files.get(GUARD_JOURNAL) ?? '')?.guard ?? null
  const saved = isLive ? undefined : tree.read(GUARD_PROCESS)
  if (isLive && by !== null) {
    const isAlive = readStartTicks('/proc', by.pid) === by.startTicks
    files.set(GUARD_PROCESS, isAlive ? 'alive' : 'gone')
  } else if (saved?.ok === true) files.set(GUARD_PROCESS, saved.text)
}

function pageBytesOf(tree: Tree, isLive: boolean, { files }: Draft): number {
  const saved = isLive ? undefined : tree.read(PAGE_SIZE)
  const live = isLive ? readKernelUnits('/proc')?.pageSizeBytes : undefined
  const bytes = live ?? (saved?.ok === true ? Number(saved.text) : Number.NaN)
  if (!(bytes >= 1024 && bytes <= 1024 * 1024)) return PAGE_BYTES
  files.set(PAGE_SIZE, String(bytes))
  return bytes
}

function isShort(tree: Tree): boolean {
  const pressure = tree.read('/proc/pressure/memory')
  const full = pressure.ok ? /^full avg10=([\d.]+)/m.exec(pressure.text) : null
  return Number(full?.[1] ?? 0) > CALM_PERCENT
}

/**
 * One look at a host: 20 to 60 ms, most of it a status file for each process.
 * @param root `/` for this host, else a directory that holds a saved tree
 */
export function readForDoctor(root: string): Reading {
  const isLive = root === '/'
  const tree = openTree(root)
  const draft: Draft = { files: new Map(), unread: [] }
  const isTense = isLive && isShort(tree)
  for (const source of SOURCES) {
    if (!(isTense && source.isLocking === true)) readSource(tree, source, draft)
  }
  if (isTense) {
    const why = 'memory is short: reading it could wait for the console'
    draft.unread.push({ path: '/proc/consoles', why })
  }
  readCommandLine(tree, draft)
  readConfig(tree, isLive, draft)
  readLines(tree, isLive, draft)
  readGuard(tree, isLive, draft)
  readLogBuffer(tree, isLive, draft)
  const pageBytes = pageBytesOf(tree, isLive, draft)
  const { processes, seesAll } = readProcesses(tree, pageBytes)
  return {
    files: draft.files,
    unread: draft.unread,
    processes,
    nodes: parseZones(draft.files.get('/proc/zoneinfo') ?? ''),
    pageBytes,
    seesAll,
  }
}
