import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CHECKS } from '../checks/index.ts'
import { examine } from '../examine.ts'
import { expectedWaitMs, factsOf } from '../facts.ts'
import type { HostName } from '../hosts.fixture.ts'
import { HOSTS, readingOf } from '../hosts.fixture.ts'
import type { Reading } from '../reading.ts'
import type { DropInKind } from './drop-in.ts'
import { DROP_IN_KINDS, DROP_INS } from './drop-in.ts'
import type { UndoJournal } from './journal.ts'
import { EMPTY_JOURNAL, formatJournal, parseJournal } from './journal.ts'
import type { Before, FileChange, SettingChange } from './plan.ts'
import { journalOf, planFix } from './plan.ts'
import { journalAfterUndo, journalBeforeUndo, planUndo } from './undo.ts'

function before(reading: Reading, journal: UndoJournal): Before {
  return {
    bootId: 'b1',
    guard: null,
    journal,
    readSetting: (path) => reading.files.get(path) ?? null,
    readDropIn(kind: DropInKind) {
      const text = reading.files.get(DROP_INS[kind])
      return text === undefined ? { kind: 'none' } : { kind: 'text', text }
    },
  }
}

/** The host after what was planned; of a UART that is taken away the list of consoles has no line. */
function carriedOut(
  reading: Reading,
  { settings, files }: { settings: readonly SettingChange[]; files: readonly FileChange[] },
  consoles: string,
): Reading {
  const now = new Map(reading.files)
  for (const { path, new: value } of settings) now.set(path, value)
  for (const { file, texts } of files) {
    if (texts.after === null) now.delete(file)
    else now.set(file, texts.after)
  }
  const listed = consoles
    .split('\n')
    .filter((line) => now.get(`/sys/class/tty/${line.split(' ')[0]}/console`) !== '0')
  now.set('/proc/consoles', listed.join('\n'))
  return { ...reading, files: now }
}

/** A setting as it reads: a flag is a letter, and blanks are tabs. */
function settingsOf({ files }: Reading): readonly string[] {
  return [...files]
    .filter(([path]) => !path.startsWith('/proc/consoles'))
    .map(
      ([path, text]) =>
        `${path}: ${text.replace(/\s+/g, ' ').replace(/^Y$/, '1').replace(/^N$/, '0')}`,
    )
    .sort()
}

/** Whether the wait for one report becomes a third or less. */
const HELPED: Readonly<Record<HostName, boolean>> = {
  'bare-metal': true,
  // A guard is at work, or what it left comes first.
  guarded: false,
  'guard-killed': false,
  cloud: true,
  // Threads of their own print.
  arm: false,
  realtime: false,
  // Its speed is not known.
  hypervisor: false,
  container: true,
  'cgroup-v1': true,
  // The line goes, and the network has all of it.
  netconsole: true,
  large: true,
}

for (const name of Object.keys(HOSTS) as HostName[]) {
  test(`${name}: all that doctor would write helps, and is taken back without a trace`, () => {
    const reading = readingOf(HOSTS[name])
    const consoles = reading.files.get('/proc/consoles') ?? ''
    const facts = factsOf(reading)
    const { findings } = examine(facts, CHECKS)
    const at = before(reading, EMPTY_JOURNAL)
    const plan = planFix(findings, at)
    // As it would come from the disk.
    const journal = parseJournal(formatJournal(journalOf(plan, at)))
    assert.ok(journal !== null)
    const after = carriedOut(reading, plan, consoles)
    const fixed = factsOf(after)
    const [wasMs, isMs] = [expectedWaitMs(facts), expectedWaitMs(fixed)]
    assert.equal(isMs < wasMs / 3, HELPED[name], `${wasMs} ms, then ${isMs}`)
    // What was written is found no more.
    const left = examine(fixed, CHECKS).findings.filter(
      (finding) => plan.settings.some(({ id }) => id === finding.id) && finding.fix.now.length > 0,
    )
    assert.deepEqual(
      left.map(({ id, title }) => `${id}: ${title}`),
      [],
    )
    const undoing = before(after, journal)
    const undo = planUndo([], undoing)
    assert.deepEqual(undo.left, [])
    const back = carriedOut(after, undo, consoles)
    assert.deepEqual(settingsOf(back), settingsOf(reading))
    assert.ok(DROP_IN_KINDS.every((kind) => !back.files.has(DROP_INS[kind])))
    assert.deepEqual(journalAfterUndo(undo, journalBeforeUndo(undo, undoing)), EMPTY_JOURNAL)
  })
}
