/** @module Hosts for tests: 512 MiB, and who is on it. */
import { GIB, MIB } from '../../base/units.ts'
import type { Verdict } from '../leak/records.ts'
import { rowFixture } from '../wire/rows.fixture.ts'
import type { Candidate, Grown, HostMemory, HostState, Pool } from './records.ts'

const [STEADY]: readonly Verdict[] = [rowFixture('steady').verdict]

export function verdictFixture(changed: Partial<Verdict>): Verdict {
  return { ...(STEADY as Verdict), ...changed }
}

/** A person's program of 10 MiB that stands still. */
export function candidateFixture(name: string, changed: Partial<Candidate> = {}): Candidate {
  const levelBytes = changed.levelBytes ?? 10 * MIB
  return {
    pid: 100,
    startTicks: 777,
    name,
    exe: `/home/one/${name}`,
    uid: 1000,
    parentPid: 50,
    cgroup: '/',
    unit: null,
    oomScoreAdj: 0,
    levelBytes,
    badnessBytes: levelBytes,
    grown: [0, 0, 0],
    verdict: verdictFixture({}),
    ...changed,
  }
}

export function leakerFixture(mibPerSec: number, forSec: number, pid = 200): Candidate {
  const levelBytes = mibPerSec * forSec * MIB
  const over = (sec: number): number => mibPerSec * Math.min(sec, forSec) * MIB
  return candidateFixture('leaker', {
    pid,
    levelBytes,
    grown: [over(10), over(60), over(300)],
    verdict: verdictFixture({
      state: 'confirmed',
      reason: 'rises-steadily',
      rateBytesPerSec: mibPerSec * MIB,
      sinceSec: 1000 - forSec,
      confirmedAtSec: 1000,
    }),
  })
}

export function memoryFixture(changed: Partial<HostMemory> = {}): HostMemory {
  return {
    totalBytes: 512 * MIB,
    availableBytes: 40 * MIB,
    swapFreeBytes: 0,
    fallBytesPerSec: 20 * MIB,
    psiFullPct: 0,
    ...changed,
  }
}

/** At 1000 s after the boot. */
export function hostFixture(
  candidates: readonly Candidate[],
  lostMib: readonly [number, number, number] = [200, 200, 200],
  pools: readonly Pool[] = [],
  memory: HostMemory = memoryFixture(),
): HostState {
  const lost: Grown = [lostMib[0] * MIB, lostMib[1] * MIB, lostMib[2] * MIB]
  return { bootSec: 1000, memory, lost, pools, candidates }
}

export const PLENTY = memoryFixture({
  totalBytes: 8 * GIB,
  availableBytes: 5 * GIB,
  fallBytesPerSec: 0,
})
