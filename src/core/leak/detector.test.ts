import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_SEC, HOUR_SEC, MIB } from '../../base/units.ts'
import { feedSeries, openSeries, readState, readVerdict, restartSeries } from './detector.ts'
import { createArena, SLAB_BYTES } from './ladder.ts'
import type { LeakReason, LeakState } from './records.ts'

/** A level in MiB at a time in seconds; `noise` is from -1 to 1, the same in every run. */
type Curve = (tSec: number, noise: number) => number

interface Case {
  readonly name: string
  readonly curve: Curve
  readonly headroomMib: number
  readonly everySec: number
  readonly forSec: number
  /** State at the end, and every state that the series may pass through on its way is free, but: */
  readonly end: LeakState
  readonly reason?: LeakReason
  /** At most this share of the headroom is used at the first alarm; never: no alarm at all. */
  readonly alarmBy: number | 'never'
}

function noiseFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
    return state / 2 ** 31 - 1
  }
}

const CASES: readonly Case[] = [
  {
    name: 'a leak that fills memory in a minute is confirmed within a few samples',
    curve: (t) => 10 + 17 * t,
    headroomMib: 1000,
    everySec: 1,
    forSec: 30,
    end: 'confirmed',
    reason: 'fills-fast',
    alarmBy: 0.31,
  },
  {
    name: 'the same sampled twice a second',
    curve: (t) => 10 + 17 * t,
    headroomMib: 1000,
    everySec: 0.5,
    forSec: 30,
    end: 'confirmed',
    reason: 'fills-fast',
    alarmBy: 0.31,
  },
  {
    name: 'a cache that fills for 20 s and holds is never confirmed',
    curve: (t) => 10 + 10 * Math.min(t, 20),
    headroomMib: 1000,
    everySec: 1,
    forSec: 90,
    end: 'harmless',
    alarmBy: 'never',
  },
  {
    name: 'a day-long leak under noise',
    curve: (t, noise) => 100 + (1000 * t) / DAY_SEC + 2 * noise,
    headroomMib: 1000,
    everySec: 60,
    forSec: 0.6 * DAY_SEC,
    end: 'confirmed',
    reason: 'rises-steadily',
    alarmBy: 0.38,
  },
  {
    name: 'a collector that saws over a flat floor',
    curve: (t) => 100 + 300 * ((t % HOUR_SEC) / HOUR_SEC),
    headroomMib: 1000,
    everySec: 60,
    forSec: 5 * DAY_SEC,
    end: 'steady',
    alarmBy: 'never',
  },
  {
    name: 'a leak behind that sawtooth',
    curve: (t) => 100 + 200 * ((t % HOUR_SEC) / HOUR_SEC) + (800 * t) / (5 * DAY_SEC),
    headroomMib: 1000,
    everySec: 60,
    forSec: 4 * DAY_SEC,
    end: 'confirmed',
    alarmBy: 0.6,
  },
  {
    name: 'a daily cycle',
    curve: (t, noise) => 300 + 200 * Math.sin((t / DAY_SEC) * 2 * Math.PI) + 5 * noise,
    headroomMib: 1000,
    everySec: 60,
    forSec: 10 * DAY_SEC,
    end: 'steady',
    alarmBy: 'never',
  },
  {
    name: 'a warm-up that levels off below the limit',
    curve: (t) => 100 + 600 * (1 - Math.exp(-t / (10 * HOUR_SEC))),
    headroomMib: 1000,
    everySec: 60,
    forSec: 5 * DAY_SEC,
    end: 'harmless',
    alarmBy: 'never',
  },
  {
    name: 'a leak of 0.05 % of the headroom an hour, over two weeks',
    curve: (t, noise) => 500 + 2 * (t / HOUR_SEC) + 4 * noise,
    headroomMib: 4000,
    everySec: 60,
    forSec: 14 * DAY_SEC,
    end: 'confirmed',
    alarmBy: 0.15,
  },
  {
    name: 'a cache that grows ever more slowly',
    curve: (t) => 100 + 80 * Math.log1p(t / 300),
    headroomMib: 1000,
    everySec: 60,
    forSec: 14 * DAY_SEC,
    end: 'growing',
    reason: 'slows-down',
    alarmBy: 'never',
  },
  {
    name: 'steps every three hours that never come back',
    curve: (t) => 100 + 40 * Math.floor(t / (3 * HOUR_SEC)),
    headroomMib: 2000,
    everySec: 60,
    forSec: 3 * DAY_SEC,
    end: 'confirmed',
    alarmBy: 0.4,
  },
  {
    name: 'one step',
    curve: (t) => (t < DAY_SEC ? 100 : 600),
    headroomMib: 1000,
    everySec: 60,
    forSec: 1.3 * DAY_SEC,
    end: 'harmless',
    reason: 'one-off-step',
    alarmBy: 'never',
  },
  {
    name: 'a leak that begins after three flat days',
    curve: (t) => 100 + (900 * Math.max(0, t - 3 * DAY_SEC)) / DAY_SEC,
    headroomMib: 1000,
    everySec: 60,
    forSec: 3.7 * DAY_SEC,
    end: 'confirmed',
    alarmBy: 0.45,
  },
]

interface Run {
  readonly state: LeakState
  readonly reason: LeakReason
  readonly firstAlarmUsed: number | null
  readonly rate: number | null
}

function run({ curve, headroomMib, everySec, forSec }: Case, shiftSec = 0, scale = 1): Run {
  const arena = createArena(1)
  openSeries(arena, 0)
  const noise = noiseFrom(7)
  const first = curve(0, 0) * MIB * scale
  const limit = first + headroomMib * MIB * scale
  let firstAlarmUsed: number | null = null
  for (let t = 0; t <= forSec; t += everySec) {
    const level = curve(t, noise()) * MIB * scale
    feedSeries(arena, 0, t + shiftSec, level, limit)
    if (firstAlarmUsed === null && readState(arena, 0) === 'confirmed') {
      firstAlarmUsed = (level - first) / (limit - first)
    }
  }
  const verdict = readVerdict(arena, 0)
  return {
    state: verdict.state,
    reason: verdict.reason,
    firstAlarmUsed,
    rate: verdict.rateBytesPerSec,
  }
}

for (const given of CASES) {
  test(given.name, () => {
    const got = run(given)
    assert.equal(got.state, given.end)
    if (given.reason !== undefined) assert.equal(got.reason, given.reason)
    if (given.alarmBy === 'never') assert.equal(got.firstAlarmUsed, null)
    else
      assert.ok(
        got.firstAlarmUsed !== null && got.firstAlarmUsed <= given.alarmBy,
        `${got.firstAlarmUsed}`,
      )
  })
}

test('a verdict does not depend on when the clock began', () => {
  for (const given of CASES) assert.equal(run(given, 1e6).state, run(given).state, given.name)
})

test('a state takes at most 4 KiB a series', () => {
  assert.ok(SLAB_BYTES <= 4096)
})

test('the rate is told with an interval that holds it', () => {
  const arena = createArena(1)
  openSeries(arena, 0)
  const noise = noiseFrom(3)
  for (let t = 0; t < 450; t++) feedSeries(arena, 0, t, (50 + t + noise()) * MIB, 1100 * MIB)
  const verdict = readVerdict(arena, 0)
  assert.equal(verdict.state, 'confirmed')
  const { rateLowBytesPerSec: low, rateHighBytesPerSec: high, rateBytesPerSec: rate } = verdict
  assert.ok(low !== null && high !== null && rate !== null)
  assert.ok(low <= MIB && high >= MIB, `${low} ${high}`)
  assert.ok(Math.abs(rate / MIB - 1) < 0.05)
  const eta = verdict.etaSec
  assert.ok(eta !== null && Math.abs(eta - (1100 - 499)) < 50, `${eta}`)
})

test('a leak across restarts of the service is confirmed earlier than the first time', () => {
  const arena = createArena(1)
  openSeries(arena, 0)
  let t = 0
  const grow = (seconds: number, perSec: number): void => {
    for (let i = 0; i < seconds; i++, t++)
      feedSeries(arena, 0, t, (50 + i * perSec) * MIB, 1050 * MIB)
  }
  grow(250, 1)
  assert.notEqual(readState(arena, 0), 'confirmed')
  restartSeries(arena, 0)
  grow(200, 1)
  assert.equal(readVerdict(arena, 0).state, 'confirmed')
  assert.equal(readVerdict(arena, 0).reason, 'rises-across-restarts')
})

test('a service that warms up to the same level after each restart is harmless', () => {
  const arena = createArena(1)
  openSeries(arena, 0)
  let t = 0
  for (let life = 0; life < 4; life++) {
    if (life > 0) restartSeries(arena, 0)
    for (let i = 0; i < 3000; i++, t++) {
      feedSeries(arena, 0, t, (50 + Math.min(i, 300)) * MIB, 1050 * MIB)
      assert.notEqual(readState(arena, 0), 'confirmed', `life ${life} at ${i}`)
    }
  }
})

test('an alarm is over when the memory was given back', () => {
  const arena = createArena(1)
  openSeries(arena, 0)
  for (let t = 0; t < 500; t++) feedSeries(arena, 0, t, (50 + t) * MIB, 1050 * MIB)
  assert.equal(readState(arena, 0), 'confirmed')
  for (let t = 500; t < 800; t++) feedSeries(arena, 0, t, 60 * MIB, 1050 * MIB)
  assert.notEqual(readState(arena, 0), 'confirmed')
})

test('samples out of order and gaps are taken as they are', () => {
  const arena = createArena(1)
  openSeries(arena, 0)
  for (let t = 0; t < 100; t++) feedSeries(arena, 0, t, (50 + t) * MIB, 1050 * MIB)
  assert.equal(feedSeries(arena, 0, 50, 5000 * MIB, 1050 * MIB), false)
  assert.equal(readVerdict(arena, 0).levelBytes, 149 * MIB)
  for (let t = 40_000; t < 40_200; t++) feedSeries(arena, 0, t, 150 * MIB, 1050 * MIB)
  assert.notEqual(readState(arena, 0), 'confirmed')
})

test('the onset is told even where the growth is longer than the window that found it', () => {
  const arena = createArena(1)
  openSeries(arena, 0)
  for (let t = 0; t < 500; t++) {
    feedSeries(arena, 0, t, (50 + 2 * Math.max(0, t - 100)) * MIB, 1074 * MIB)
    if (readState(arena, 0) === 'confirmed') break
  }
  const { state, sinceSec } = readVerdict(arena, 0)
  assert.equal(state, 'confirmed')
  assert.ok(sinceSec !== null && Math.abs(sinceSec - 100) < 15, `${sinceSec}`)
})

test('a cache that fills within seconds is not even suspected', () => {
  const arena = createArena(1)
  openSeries(arena, 0)
  const seen = new Set<LeakState>()
  for (let t = 0; t < 120; t++) {
    feedSeries(arena, 0, t, (3 + 9 * Math.min(t, 20)) * MIB, 1024 * MIB)
    seen.add(readState(arena, 0))
  }
  assert.deepEqual([...seen].sort(), ['growing', 'harmless', 'unknown'])
})

/** Share of the run of a leak of 1000 MiB that is over when it is confirmed, sampled at `times`. */
function shareAtAlarm(times: readonly number[], spanSec: number): number {
  const arena = createArena(1)
  openSeries(arena, 0)
  for (const t of times) {
    feedSeries(arena, 0, t, (100 + (1000 * t) / spanSec) * MIB, 1100 * MIB)
    if (readState(arena, 0) === 'confirmed') return t / spanSec
  }
  return 1
}

test('a leak is found in time however it is sampled', () => {
  const everySecond = Array.from({ length: 300 }, (_, i) => i)
  const noise = noiseFrom(11)
  const ways: Record<string, readonly number[]> = {
    evenly: everySecond,
    'a first interval that is no measure': [0, ...everySecond.slice(40)],
    'a first interval of nearly nothing': [0, 0.01, ...everySecond.slice(1)],
    'every other one lost': everySecond.filter(() => noise() < 0),
    'a gap of half a minute': everySecond.filter((t) => t < 60 || t > 90),
    'a gap of a minute': everySecond.filter((t) => t < 75 || t > 135),
    'gap after gap': everySecond.filter((t) => Math.floor(t / 8) % 3 !== 0),
  }
  for (const [way, times] of Object.entries(ways)) {
    const share = shareAtAlarm(times, 300)
    assert.ok(share < 0.5, `${way}: ${share}`)
  }
})

test('an alarm survives a restart, and is taken back when the new process does not grow', () => {
  const arena = createArena(1)
  openSeries(arena, 0)
  let t = 0
  for (let i = 0; i < 600; i++, t++) feedSeries(arena, 0, t, (50 + i) * MIB, 1050 * MIB)
  assert.equal(readState(arena, 0), 'confirmed')
  restartSeries(arena, 0)
  for (let i = 0; i < 100; i++, t++) feedSeries(arena, 0, t, (50 + i) * MIB, 1050 * MIB)
  assert.equal(readState(arena, 0), 'confirmed')
  restartSeries(arena, 0)
  for (let i = 0; i < 500; i++, t++) feedSeries(arena, 0, t, (50 + (i % 7)) * MIB, 1050 * MIB)
  assert.notEqual(readState(arena, 0), 'confirmed')
})

test('a restart that nobody told of is noticed', () => {
  const arena = createArena(1)
  openSeries(arena, 0)
  let t = 0
  for (const life of [700, 500, 620]) {
    for (let i = 0; i < life; i++, t++) feedSeries(arena, 0, t, (20 + i) * MIB, 1020 * MIB)
    assert.equal(readState(arena, 0), 'confirmed', `after ${life}`)
  }
})

test('a process is not called a leaker for what its neighbours take', () => {
  const arena = createArena(1)
  openSeries(arena, 0)
  for (let t = 0; t < 600; t++) {
    const free = Math.max(1, 8000 - 20 * t) * MIB
    const level = (100 + t / 10) * MIB
    feedSeries(arena, 0, t, level, level + free)
    assert.notEqual(readState(arena, 0), 'confirmed', `at ${t}`)
  }
})

test('a leak whose process is replaced before it shows is found in the next ones', () => {
  const arena = createArena(1)
  openSeries(arena, 0)
  let t = 0
  let found = 0
  for (let life = 1; life <= 4 && found === 0; life++) {
    if (life > 1) restartSeries(arena, 0)
    for (let i = 0; i < 240; i++, t++) feedSeries(arena, 0, t, (50 + i) * MIB, 1250 * MIB)
    if (readState(arena, 0) === 'confirmed') found = life
  }
  assert.ok(found > 1, `${found}`)
})

for (const [what, nature, endsAt, isAlarm] of [
  ['a heap that a collector lets grow to half of its option', 'collected', 0.5, false],
  ['the same growth of what nobody collects', 'own', 0.5, true],
  ['a heap that goes on beyond where collectors begin', 'collected', 0.8, true],
] as const) {
  test(what, () => {
    const arena = createArena(1)
    openSeries(arena, 0)
    let isConfirmed = false
    for (let t = 0; t < 300; t++) {
      feedSeries(arena, 0, t, (50 + Math.min(4 * t, endsAt * 1000)) * MIB, 1050 * MIB, nature)
      isConfirmed ||= readState(arena, 0) === 'confirmed'
    }
    assert.equal(isConfirmed, isAlarm)
  })
}
