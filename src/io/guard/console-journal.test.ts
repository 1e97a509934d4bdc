import assert from 'node:assert/strict'
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import type { JournalEntry } from '../../core/console/guard-journal.ts'
import { openConsoleJournal, readConsoleJournal } from './console-journal.ts'

const BULK: JournalEntry = {
  bootId: 'boot-1',
  guard: { pid: 812, startTicks: 4711 },
  undo: {
    remedy: 'bulk',
    found: { consoleLevel: 7, defaultLevel: 4 },
    set: { consoleLevel: 5, defaultLevel: 7 },
  },
}
const DETACH: JournalEntry = {
  bootId: 'boot-1',
  guard: null,
  undo: { remedy: 'detach', console: 'ttyS1', found: { consoleLevel: 7, defaultLevel: 4 } },
}

function journalPath(t: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-journal-'))
  t.after(() => rmSync(directory, { recursive: true }))
  return join(directory, 'console.journal')
}

for (const entry of [BULK, DETACH]) {
  test(`${entry.undo.remedy}: what is written is read by the next guard, with its last word`, async (t) => {
    const path = journalPath(t)
    const journal = openConsoleJournal(path)
    await journal.write(entry)
    assert.deepEqual(readConsoleJournal(path), { state: 'calm', ...entry })
    for (const state of ['near', 'back', 'calm'] as const) {
      await journal.mark(state)
      assert.deepEqual(readConsoleJournal(path), { state, ...entry })
    }
    assert.equal(statSync(path).mode & 0o777, 0o600)
    // Another guard that wrote none changes the word of this one's.
    await openConsoleJournal(path).mark('near')
    assert.equal(readConsoleJournal(path)?.state, 'near')
    await journal.remove()
    assert.deepEqual(readdirSync(join(path, '..')), [])
  })
}

test('a new entry takes the place of the old one, and is calm', async (t) => {
  const path = journalPath(t)
  const journal = openConsoleJournal(path)
  await journal.write(BULK)
  await journal.mark('near')
  await journal.write(DETACH)
  assert.deepEqual(readConsoleJournal(path), { state: 'calm', ...DETACH })
  await journal.mark('near')
  assert.equal(readConsoleJournal(path)?.state, 'near')
  await journal.remove()
})

test('an entry that was half written leaves the one before', async (t) => {
  const path = journalPath(t)
  const journal = openConsoleJournal(path)
  await journal.write(BULK)
  writeFileSync(`${path}.part`, 'calm\n{"schema":"plim')
  assert.deepEqual(readConsoleJournal(path), { state: 'calm', ...BULK })
  await journal.write(DETACH)
  assert.deepEqual(readConsoleJournal(path), { state: 'calm', ...DETACH })
  await journal.remove()
})

test('no link is followed, neither to read nor to write', async (t) => {
  const path = journalPath(t)
  const other = join(path, '../other')
  writeFileSync(other, 'of somebody')
  symlinkSync(other, `${path}.part`)
  await assert.rejects(openConsoleJournal(path).write(BULK), { code: 'ELOOP' })
  symlinkSync(other, path)
  await assert.rejects(openConsoleJournal(path).mark('near'), { code: 'ELOOP' })
  assert.equal(readConsoleJournal(path), null)
  assert.equal(readFileSync(other, 'utf8'), 'of somebody')
})

const { undo } = BULK
for (const [what, text] of [
  ['nothing', ''],
  ['no JSON', 'near\nnot JSON\n'],
  ['null', 'near\nnull\n'],
  ['another word', `gone\n${JSON.stringify({ schema: 'plimsoll.console-journal/1', ...BULK })}\n`],
  [
    'another schema',
    `near\n${JSON.stringify({ schema: 'plimsoll.console-journal/2', ...BULK })}\n`,
  ],
  ['no boot', `near\n${JSON.stringify({ schema: 'plimsoll.console-journal/1', undo })}\n`],
  [
    'a remedy that there is not',
    `near\n${JSON.stringify({ schema: 'plimsoll.console-journal/1', ...BULK, undo: { ...undo, remedy: 'all' } })}\n`,
  ],
  [
    'levels that are none',
    `near\n${JSON.stringify({ schema: 'plimsoll.console-journal/1', ...BULK, undo: { ...undo, found: { consoleLevel: 'x', defaultLevel: 4 } } })}\n`,
  ],
  ['too much', `near\n${' '.repeat(8192)}\n`],
] as const) {
  test(`a journal with ${what} is none`, (t) => {
    const path = journalPath(t)
    writeFileSync(path, text, { mode: 0o600 })
    assert.equal(readConsoleJournal(path), null)
  })
}

test('a journal that others may write is none', async (t) => {
  const path = journalPath(t)
  await openConsoleJournal(path).write(BULK)
  chmodSync(path, 0o666)
  assert.equal(readConsoleJournal(path), null)
})
