import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MIB } from '../../base/units.ts'
import { HOST_FIXTURE, rowFixture } from '../wire/rows.fixture.ts'
import type { FactsOf } from './host-state.ts'
import { createFollower, fallOf, followHost, NO_FACTS, readHostState } from './host-state.ts'

const factsOf: FactsOf = (pid) => ({ ...NO_FACTS, parentPid: pid === 3 ? 1 : 50 })

function hostAt(sec: number, availableMib: number, shmemMib = 0) {
  const bytes = { memAvailableBytes: availableMib * MIB, shmemBytes: shmemMib * MIB }
  return { ...HOST_FIXTURE, bootMs: sec * 1000, ...bytes }
}

function row(pid: number, mib: number, shmemMib = 0) {
  return rowFixture(`process:${pid}:777`, {
    pid,
    levelBytes: mib * MIB,
    shmemBytes: shmemMib * MIB,
  })
}

test('growth is counted from when it was first seen, for who came later from nothing', () => {
  const follower = createFollower()
  followHost(follower, hostAt(100, 1000), [row(1, 200)], factsOf)
  followHost(follower, hostAt(103, 900), [row(1, 210), row(2, 90), row(3, 200)], factsOf)
  const host = hostAt(104, 880)
  const rows = [row(1, 210), row(2, 110), row(3, 205)]
  followHost(follower, host, rows, factsOf)
  const state = readHostState(follower, host, rows, { factsOf, fallBytesPerSec: 0 })
  assert.deepEqual(state.lost, [120 * MIB, 120 * MIB, 120 * MIB])
  assert.deepEqual(
    state.candidates.map(({ pid, grown }) => [pid, grown[0] / MIB]),
    // The third is a copy of the first, and took what it took since.
    [
      [1, 10],
      [2, 110],
      [3, 5],
    ],
  )
  assert.equal(fallOf(follower, host), (120 * MIB) / 4)
})

test('each window forgets what is older than twice its length', () => {
  const follower = createFollower()
  const host = hostAt(0, 1000)
  for (let sec = 0; sec <= 40; sec++) {
    followHost(follower, hostAt(sec, 1000), [row(1, sec < 5 ? 10 : 100)], factsOf)
  }
  const state = readHostState(follower, host, [row(1, 100)], { factsOf, fallBytesPerSec: 0 })
  assert.deepEqual(state.candidates[0]?.grown, [0, 90 * MIB, 90 * MIB])
})

test('shared memory that a process has mapped is not a pool', () => {
  const follower = createFollower()
  const host = hostAt(0, 1000, 300)
  const rows = [row(1, 220, 200)]
  followHost(follower, host, rows, factsOf)
  const { pools } = readHostState(follower, host, rows, { factsOf, fallBytesPerSec: 0 })
  assert.equal(pools.find(({ name }) => name === 'tmpfs and shared memory')?.bytes, 100 * MIB)
})

test('who is gone is followed no more', () => {
  const follower = createFollower()
  followHost(follower, hostAt(0, 1000), [row(1, 10)], factsOf)
  followHost(follower, hostAt(1, 1000), [], factsOf)
  assert.deepEqual(
    [...follower.tracks.keys()].filter((key) => key.startsWith('process:')),
    [],
  )
})
