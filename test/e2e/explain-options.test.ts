/** @module What docs/explain.md claims of `plimsoll explain`'s options and exit codes, each tried; and a log that goes on. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { test } from 'node:test'
import type { EventDocument } from '../../src/core/oom/document.ts'
import { VERDICT_CLASSES } from '../../src/core/oom/verdict.ts'

const DOCS = readFileSync('docs/explain.md', 'utf8')
const LOGS = 'lab/scenarios/logs'
const GUILTY = join(LOGS, '6.12-incident.log')
const INNOCENT = join(LOGS, '6.12-hugepages.log')
const STORM = readFileSync(join(LOGS, '6.1-many-leakers.log'), 'utf8')
const PROGRAM = [process.execPath, 'dist/cli.cjs', 'explain'] as const

function explain(...words: readonly string[]) {
  const [node, ...rest] = PROGRAM
  const { status, stdout, stderr } = spawnSync(node, [...rest, ...words], {
    encoding: 'utf8',
    input: '',
  })
  return { code: status, stdout, stderr }
}

function namesOf(text: string, pattern: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name]) => name ?? ''))].sort()
}

test('the document names every option that there is, and no other', () => {
  const offered = namesOf(explain('--help').stdout, /^ {2}(?:-\w, )?(--[a-z-]+)/gm)
  const documented = namesOf(DOCS.slice(0, DOCS.indexOf('## From a program')), /(--[a-z-]{3,})/g)
  assert.deepEqual(
    offered.filter((name) => name !== '--help'),
    documented.filter((name) => name !== '---'),
  )
})

const lines = (text: string): readonly unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

const exits: readonly (readonly [what: string, words: readonly string[], code: number])[] = [
  ['an OOM', [GUILTY], 10],
  ['no OOM', ['package.json'], 0],
  ['a verdict that is wanted', ['--fail-on', 'innocent', INNOCENT], 10],
  ['one of several that are wanted', ['--fail-on', 'guilty, innocent', INNOCENT], 10],
  ['another verdict', ['--fail-on', 'innocent,not-a-process', GUILTY], 0],
  ['one of two logs has it', ['--fail-on', 'innocent', GUILTY, INNOCENT], 10],
  ['every verdict is a word for it', ['--fail-on', VERDICT_CLASSES.join(','), GUILTY], 10],
  ['no verdict', ['--fail-on', 'mine', GUILTY], 2],
  ['it counts for JSON', ['--json', '--fail-on', 'innocent', GUILTY], 0],
  ['... for events', ['--json-events', '--fail-on', 'guilty', GUILTY], 10],
  ['... for tickets', ['--markdown', '--fail-on', 'innocent', INNOCENT], 10],
  ['one of several cannot be read', ['--fail-on', 'innocent', GUILTY, 'no/such.log'], 11],
  ['the one log cannot be read', ['no/such.log'], 69],
  ['two forms at once', ['--json', '--markdown', GUILTY], 2],
  ['... of JSON', ['--json', '--json-events', GUILTY], 2],
  ['... of events', ['--json-events', '--markdown', GUILTY], 2],
  ['a question that has no logs of its own form', ['--vanished', 'x', '--all', GUILTY], 2],
  ['who vanished is known', ['--vanished', 'leaker', GUILTY], 10],
  ['... or not', ['--vanished', 'nobody', GUILTY], 11],
  ['an option that there is not', ['--wrong', GUILTY], 2],
  ['nothing to read', [], 2],
]
for (const [what, words, code] of exits) {
  test(`exit code ${code}: ${what}`, () => {
    const run = explain(...words)
    assert.equal(run.code, code, run.stderr)
    assert.equal(
      run.stderr === '',
      code === 0 || code === 10 || (words[0] === '--vanished' && code === 11),
    )
  })
}

test('--json is a document a log, --json-events one a report, and both say the same', () => {
  const log = join(LOGS, '6.1-many-leakers.log')
  const [document] = lines(explain('--json', log).stdout) as [{ reports: unknown[] }]
  const events = lines(explain('--json-events', log).stdout) as EventDocument[]
  assert.equal(document.reports.length, 3)
  assert.deepEqual(
    events.map(({ schema, file, ...report }) => {
      assert.deepEqual([schema, file], ['plimsoll.explain-event/1', log])
      return report
    }),
    document.reports,
  )
})

test('--journal takes its boot with =, and the log that follows is a log', () => {
  const { code, stdout, stderr } = explain('--journal=-1', GUILTY)
  // Where there is no journal, one of two logs could not be read.
  assert.ok(code === 10 || code === 11, stderr)
  assert.match(stdout, /== .*6\.12-incident\.log/)
})

test('a log that goes on: each report is told while the pipe stays open', async (context) => {
  const [node, ...rest] = PROGRAM
  const child = spawn(node, [...rest, '--json-events', '-'], { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  context.after(() => child.kill('SIGKILL'))
  const told = createInterface(child.stdout)[Symbol.asyncIterator]()
  const next = async (): Promise<EventDocument> => JSON.parse((await told.next()).value ?? '')
  const all = STORM.split('\n')
  const ends = all.flatMap((line, i) => (line.includes('Killed process') ? [i + 1] : []))
  assert.equal(ends.length, 3)
  let from = 0
  for (const end of ends) {
    child.stdin.write(`${all.slice(from, end).join('\n')}\n`)
    from = end
    const { killed, truncated, lines } = await next()
    assert.deepEqual(
      [killed.map(({ line }) => line), truncated, lines.last],
      [[end], false, end],
      'whole, and nothing of the next',
    )
  }
  // Shorter than what a reader would like to see of a file before it says what it is.
  child.stdin.write(`${all[(ends[0] ?? 0) - 1]?.replaceAll('110', '999')}\n`)
  assert.equal((await next()).killed[0]?.pid, 999)
  // So much of other lines that the log is no longer read as a whole, but searched.
  child.stdin.write('<6>[   77.000000] eth0: link becomes ready\n'.repeat(60_000))
  child.stdin.write(`${all.slice(0, ends[0]).join('\n')}\n`)
  const late = await next()
  assert.deepEqual([late.killed[0]?.pid, late.truncated], [110, false])
  child.stdin.end()
  assert.deepEqual(await exited, [10, null])
})
