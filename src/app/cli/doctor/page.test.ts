import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { CHECKS } from '../../../core/console/checks/index.ts'
import { examine } from '../../../core/console/examine.ts'
import { factsOf } from '../../../core/console/facts.ts'
import type { FixtureHost, HostName } from '../../../core/console/hosts.fixture.ts'
import { HEALTHY, HOSTS, like, readingOf } from '../../../core/console/hosts.fixture.ts'
import { termiosPath } from '../../../core/console/reading.ts'
import { remediesOf } from '../../../core/console/remedies.ts'
import { verdictOf } from '../../../core/console/verdict.ts'
import { readForDoctor } from '../../../linux/console-reading.ts'
import type { Look } from '../watch/look.ts'
import { displayWidth } from '../watch/text.ts'
import { makeDocument } from './document.ts'
import { formatPage } from './page.ts'
import { saveTree } from './save-tree.ts'
import type { Told } from './told.ts'

const LOOK: Look = {
  isColour: false,
  hasAttributes: false,
  isUnicode: true,
  isLight: false,
  utcOffsetMin: 0,
}
const NAMES = Object.keys(HOSTS) as HostName[]

function tell(host: FixtureHost): Told {
  const facts = factsOf(readingOf(host))
  return {
    facts,
    verdict: verdictOf(facts),
    remedies: remediesOf(facts),
    examination: examine(facts, CHECKS),
  }
}

for (const name of NAMES) {
  test(`the page of ${name} begins with its sentence and fits into 80 columns`, () => {
    const told = tell(HOSTS[name])
    const lines = formatPage(told, { width: 80, look: LOOK }).split('\n')
    for (const line of lines) assert.ok(displayWidth(line) <= 80, line)
    const start = lines.slice(0, 6).join(' ')
    assert.ok(start.startsWith(told.verdict.sentence), start)
    // Nothing was cut: what is long is wrapped.
    assert.doesNotMatch(lines.join('\n'), /…/)
  })
}

test('what a file says moves no cursor', () => {
  const host = like(HEALTHY, {
    '/proc/consoles': 'tty\u001b[2J -W- (EC p a)',
    '/proc/sys/kernel/osrelease': '6.1\u001b]0;title\u0007',
    '/proc/sys/kernel/core_pattern': '|\u001b[31m%p',
  })
  const page = formatPage(tell(host), { width: 80, look: LOOK })
  assert.doesNotMatch(page.replaceAll('\n', ''), /[\u0000-\u001f\u007f]/)
})

test('colours come with a terminal alone, and a word says the same', () => {
  const told = tell(HOSTS['bare-metal'])
  const plain = formatPage(told, { width: 80, look: LOOK })
  const painted = formatPage(told, {
    width: 80,
    look: { ...LOOK, isColour: true, hasAttributes: true },
  })
  assert.doesNotMatch(plain, /\u001b/)
  assert.match(painted, /\u001b\[/)
  const stripped = painted.replace(/\u001b\[[\d;]*m/g, '')
  const unblanked = (text: string): string => text.replace(/ +$/gm, '')
  assert.equal(unblanked(stripped), unblanked(plain))
  assert.match(plain, /^HIGH {4}An OOM report takes/m)
})

test('the document has the same findings, and no figure where nothing is known', () => {
  const told = tell(HOSTS.cloud)
  const document = JSON.parse(JSON.stringify(makeDocument(told))) as Record<string, unknown>
  assert.equal(document.schema, 'plimsoll.doctor/1')
  assert.deepEqual(document.findings, JSON.parse(JSON.stringify(told.examination.findings)))
  assert.equal(document.freezeMs, null)
  const nothing = JSON.parse(
    JSON.stringify(makeDocument(tell({ files: {}, comms: [], seesAll: false }))),
  ) as Record<string, unknown>
  assert.deepEqual(
    [nothing.state, nothing.freezeMs, nothing.consoles, nothing.remedies, nothing.report],
    ['unknown', null, null, null, null],
  )
})

for (const name of NAMES) {
  test(`a tree of ${name} that was saved is read as it was`, () => {
    const top = mkdtempSync(join(tmpdir(), 'plimsoll-save-'))
    try {
      const reading = readingOf(HOSTS[name])
      saveTree(reading, join(top, 'tree'))
      const again = readForDoctor(join(top, 'tree'))
      assert.deepEqual(
        again.processes?.toSorted((a, b) => a.pid - b.pid),
        reading.processes,
      )
      assert.deepEqual([again.nodes, again.seesAll], [reading.nodes, reading.seesAll])
      const saved = examine(factsOf(again), CHECKS)
      const direct = examine(factsOf(reading), CHECKS)
      assert.deepEqual(saved, direct)
      assert.deepEqual(verdictOf(factsOf(again)), verdictOf(factsOf(reading)))
      assert.throws(() => saveTree(reading, join(top, 'tree')), /EEXIST/)
    } finally {
      rmSync(top, { recursive: true, force: true })
    }
  })
}

test('a tree whose names lead out of it is not saved', () => {
  const top = mkdtempSync(join(tmpdir(), 'plimsoll-save-'))
  try {
    const files = new Map([['/sys/class/tty/ttyS0/../../../../../victim.txt', 'x']])
    const save = (): void => saveTree({ ...readingOf(HEALTHY), files }, join(top, 'tree'))
    assert.throws(save, { code: 'PLM_USAGE', message: /victim\.txt" leads elsewhere/ })
    assert.deepEqual(
      [existsSync(join(top, 'victim.txt')), existsSync(join(top, 'tree'))],
      [false, false],
    )
  } finally {
    rmSync(top, { recursive: true, force: true })
  }
})

for (const [what, files, expected] of [
  ['a loud console', {}, ['5 7 1 7', '4 4 1 7', 'detach', 'oom_dump_tasks', '3 4 1 7', 'agent']],
  [
    'what is quiet but for the kill line',
    { '/proc/sys/kernel/printk': '4 4 1 7' },
    ['detach', '3 4 1 7'],
  ],
  [
    'a level that has no effect',
    { '/sys/module/printk/parameters/ignore_loglevel': 'Y' },
    ['detach', 'oom_dump_tasks'],
  ],
] as const) {
  test(`what helps is what makes it shorter: ${what}`, () => {
    const host = like(HOSTS['bare-metal'], {
      '/proc/consoles': 'ttyS1 -W- (EC p a) 4:65',
      [termiosPath('ttyS1')]: 'speed 300 baud; rows 0;\n-parenb cs8 -cstopb',
      '/proc/sys/kernel/printk': '7 4 1 7',
      ...files,
    })
    const rows = formatPage(tell(host), { width: 80, look: LOOK })
      .split('\n\n')
      .find((block) => block.includes('WHAT HELPS'))
      ?.split('\n')
      .filter((line) => /^[ *] .* \d[\d.]* s /.test(line))
      .map((line) => line.slice(2, 27).trim())
    const [asIs, ...others] = rows ?? []
    assert.equal(asIs, 'as it is')
    assert.equal(others.length, expected.length, others.join(', '))
    for (const [at, name] of others.entries()) assert.ok(name.includes(expected[at] ?? '?'), name)
  })
}
