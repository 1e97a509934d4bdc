import assert from 'node:assert/strict'
import { test } from 'node:test'
import { shellQuote } from '../../base/escape.ts'
import type { LeakState } from '../../core/leak/records.ts'
import type { SubjectRow } from '../../core/wire/records.ts'
import { HOST_FIXTURE, rowFixture } from '../../core/wire/rows.fixture.ts'
import { watchCommand } from './command.ts'
import { sayCount, sayHost, sayPublic, saySubject } from './sentence.ts'
import { memoryKindOf, safeName, titleOf } from './subject.ts'
import { bootToWallMs, formatAbsolute, formatAgo, formatMoment } from './time.ts'

function suspect(name: string, state: LeakState, etaSec: number | null): SubjectRow {
  const base = rowFixture(`process:${name}:1`, { name, pid: 7 })
  const verdict = { ...base.verdict, state, reason: 'rises-steadily' as const }
  return { ...base, verdict: { ...verdict, rateBytesPerSec: 1_048_576, etaSec } }
}
const leak = suspect('api', 'confirmed', 3_600)
const other = suspect('db', 'confirmed', null)
const maybe = suspect('web', 'suspected', 9_000)

for (const [suspects, watchedSec, expected, tone] of [
  [[leak], 60, '1 process leaks: api 7, +1.0 MiB/s, 60 min left', 'bad'],
  [
    [leak, other],
    60,
    '2 processes leak: the first to run out is api 7, +1.0 MiB/s, 60 min left',
    'bad',
  ],
  [
    [other, maybe],
    60,
    '1 process leaks: db 7, +1.0 MiB/s, no end in sight; 1 process may leak as well',
    'bad',
  ],
  [[maybe], 60, '1 process may leak: web 7, +1.0 MiB/s, 2 h 30 min left', 'warn'],
  [[], 60, 'Nothing leaks; 214 processes watched for 60 s', 'good'],
  [[], 2, 'Nothing leaks so far; 214 processes watched, just started', 'quiet'],
  [[], null, 'Nothing leaks so far; 214 processes watched, just started', 'quiet'],
] as const) {
  test(`the host's sentence: ${expected}`, () => {
    assert.deepEqual(sayHost(suspects, HOST_FIXTURE, watchedSec), { text: expected, tone })
  })
}

test('a leak that is marked is no reason to say that nothing leaks', () => {
  const said = (expected: number) => sayHost([], HOST_FIXTURE, 3_600, expected).text
  assert.match(said(0), /^Nothing leaks; 214 processes/)
  assert.match(said(1), /^Nothing leaks that is not expected; 1 is; 214 processes/)
  assert.match(said(2), /^Nothing leaks that is not expected; 2 are; 214/)
})

test('before the first sample nothing is claimed', () => {
  assert.equal(sayHost([], null, 60).text, 'Waiting for the first sample')
  assert.equal(sayPublic(null).text, 'Waiting for the first sample')
})

test('a name that would steer the page or a shell is shown and quoted', () => {
  const evil = { ...leak, name: "a'\u202e;rm\n" }
  assert.match(saySubject(evil).text, /^a'\\u\{202e\};rm\\x0a 7 leaks/)
  assert.equal(safeName(' \t'), ' \\x09')
  assert.equal(safeName('  '), '(no name)')
  assert.equal(watchCommand(leak), 'plimsoll watch --filter 7')
  const quoted = "plimsoll watch --filter 'a'\\''\\u{202e};rm\\x0a'"
  assert.equal(watchCommand({ ...evil, pid: null }), quoted)
  assert.equal(shellQuote('--x=/a,b'), '--x=/a,b')
  assert.equal(shellQuote(''), "''")
})

test('a count says what is left out', () => {
  assert.equal(sayCount(3, 3, 'shown'), '3 shown')
  assert.equal(sayCount(3, 9, 'shown'), '3 of 9 shown')
})

for (const [changed, kind] of [
  [{}, 'anon'],
  [{ anonBytes: 1, shmemBytes: 5 }, 'shmem'],
  [{ anonBytes: 1, swapBytes: 9, shmemBytes: 2 }, 'swap'],
  [{ anonBytes: null, shmemBytes: null, swapBytes: null }, 'anon'],
  [{ kind: 'tmpfs' }, 'shmem'],
  [{ kind: 'slab' }, 'slab'],
  [{ kind: 'kernel', name: 'vmalloc' }, 'vmalloc'],
  [{ kind: 'kernel', name: 'something new' }, 'unaccounted'],
] as const) {
  test(`${JSON.stringify(changed)} is mostly ${kind}`, () => {
    assert.equal(memoryKindOf(rowFixture('x', changed)), kind)
  })
}

test('times are relative, with the absolute one at hand', () => {
  assert.equal(formatAgo(1_000, 1_500), 'now')
  assert.equal(formatAgo(0, 12_000), '12 s ago')
  assert.equal(formatAgo(300_000, 0), 'in 5 min')
  assert.match(formatAbsolute(1_790_000_000_000), /^2026-09-2\d \d\d:\d\d:\d\d [+-]\d\d:\d\d$/)
  assert.equal(bootToWallMs(10, { bootMs: 15_000, wallMs: 100_000 }), 95_000)
  assert.equal(titleOf(leak), 'api 7')
  assert.equal(titleOf({ name: 'nginx.service', pid: null }), 'nginx.service')
})

test('a moment has seconds only where they mean something, and its day where it is another', () => {
  const noon = new Date(2026, 10, 25, 12, 0, 0).getTime()
  assert.equal(formatMoment(noon + 61_000, noon), '12:01:01')
  assert.equal(formatMoment(noon + 3_661_000, noon), '13:01')
  assert.equal(formatMoment(noon + 86_400_000, noon), '2026-11-26 12:00')
})
