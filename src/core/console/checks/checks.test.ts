import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { examine } from '../examine.ts'
import { factsOf } from '../facts.ts'
import type { Check, Finding } from '../finding.ts'
import type { FixtureHost } from '../hosts.fixture.ts'
import { HEALTHY, HOSTS, like, readingOf } from '../hosts.fixture.ts'
import { DENIED } from '../reading.ts'
import { remediesOf } from '../remedies.ts'
import { verdictOf } from '../verdict.ts'
import { CONSOLE_CASES } from './console-cases.fixture.ts'
import { CHECKS } from './index.ts'
import { MEMORY_CASES } from './memory-cases.fixture.ts'

const CASES = [...CONSOLE_CASES, ...MEMORY_CASES]

function findingsOf(host: FixtureHost): readonly Finding[] {
  return examine(factsOf(readingOf(host)), CHECKS).findings
}

test('a healthy host has no finding at all, and all of it is seen', () => {
  const { findings, unseen } = examine(factsOf(readingOf(HEALTHY)), CHECKS)
  assert.deepEqual(
    findings.map(({ id, title }) => `${id}: ${title}`),
    [],
  )
  assert.deepEqual(unseen, [])
})

for (const { id, files = {}, comms, unprotected, severity, title, fix } of CASES) {
  test(`${id}: ${title.source}`, () => {
    const host = like(HEALTHY, files, {
      ...(comms === undefined ? {} : { comms }),
      ...(unprotected === undefined ? {} : { unprotected }),
    })
    const found = findingsOf(host).filter((finding) => finding.id === id)
    assert.equal(found.length, 1)
    assert.equal(found[0]?.severity, severity)
    assert.match(found[0]?.title ?? '', title)
    if (fix !== undefined) assert.match(JSON.stringify(found[0]?.fix).replaceAll('\\"', '"'), fix)
  })
}

test('every check has a case, an id of its own, and the name of its file', () => {
  const ids = CHECKS.map(({ id }: Check) => id)
  assert.deepEqual([...new Set(CASES.map(({ id }) => id))].sort(), [...ids].sort())
  assert.equal(new Set(ids).size, ids.length)
})

test('every finding says what it costs, and how to go back', () => {
  for (const { id, files = {}, comms, unprotected } of CASES) {
    const host = like(HEALTHY, files, {
      ...(comms === undefined ? {} : { comms }),
      ...(unprotected === undefined ? {} : { unprotected }),
    })
    const found = findingsOf(host).find((finding) => finding.id === id)
    assert.ok(found !== undefined, id)
    const { fix } = found
    const does = fix.now.length + fix.persistent.length + fix.advice.length
    assert.ok(does > 0 && found.givesUp !== '' && found.undo !== '', id)
    assert.ok(found.evidence.length > 0 && found.consequence !== '', id)
    for (const { file } of fix.persistent) assert.match(file, /^\/etc\/.*\/90-plimsoll\.conf$/)
    for (const { path } of fix.now) assert.match(path, /^\/(proc\/sys|sys)\//)
  }
})

test('a host of which nothing is known is judged without a figure', () => {
  const nothing = {
    ...readingOf(HEALTHY),
    files: new Map(),
    processes: null,
    nodes: [],
    seesAll: false,
  }
  const facts = factsOf(nothing)
  assert.deepEqual(examine(facts, CHECKS).findings, [])
  assert.ok(examine(facts, CHECKS).unseen.length > 0)
  const verdict = verdictOf(facts)
  assert.deepEqual([verdict.state, verdict.freezeMs, verdict.nominalMs], ['unknown', null, null])
  assert.equal(remediesOf(facts), null)
})

test('from what may not be read, nothing is concluded', () => {
  const paths = ['/proc/pressure/memory', '/var/log/journal']
  const host = like(HEALTHY, {
    '/proc/pressure/memory': null,
    '/etc/systemd/journald.conf': 'SyncIntervalSec=15s',
  })
  const unread = paths.map((path) => ({ path, why: DENIED }))
  const { findings, unseen } = examine(factsOf({ ...readingOf(host), unread }), CHECKS)
  assert.deepEqual(findings, [])
  assert.deepEqual(
    unseen.map(({ what }) => what),
    paths,
  )
})

test('whatever is missing or garbled, nothing throws and every figure is finite or unknown', () => {
  const names = Object.keys(HOSTS) as (keyof typeof HOSTS)[]
  const garbage = fc.oneof(
    fc.constant(null),
    fc.constant(''),
    fc.string({ unit: 'binary' }),
    fc.integer().map(String),
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.array(fc.tuple(fc.nat(), garbage), { maxLength: 40 }),
      (name, changes) => {
        const paths = Object.keys(HOSTS[name].files)
        const files = Object.fromEntries(
          changes.map(([at, text]) => [paths[at % paths.length] ?? '', text]),
        )
        const facts = factsOf(readingOf(like(HOSTS[name], files)))
        const { findings } = examine(facts, CHECKS)
        assert.doesNotMatch(JSON.stringify(findings), /NaN|Infinity|undefined/)
        const verdict = verdictOf(facts)
        assert.doesNotMatch(verdict.sentence, /NaN|Infinity|undefined/)
        remediesOf(facts)
      },
    ),
  )
})
