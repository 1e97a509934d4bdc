/** @module The state that the policy judges, from what the monitor sees at each tick. */
import { MIB } from '../../base/units.ts'
import type { HostRow } from '../procfs/records.ts'
import type { SubjectRow } from '../wire/records.ts'
import type { Track } from './growth.ts'
import { createTrack, followGrowth, readGrown } from './growth.ts'
import type { Candidate, HostMemory, HostState, Pool } from './records.ts'

/** What is known of a process beside its memory. */
export interface ProcessFacts {
  readonly exe: string | null
  readonly oomScoreAdj: number | null
  readonly parentPid: number | null
}

export const NO_FACTS: ProcessFacts = { exe: null, oomScoreAdj: null, parentPid: null }

/** Growth of host, pools and processes since the watch began; owned by who watches. */
export interface Follower {
  readonly tracks: Map<string, Track>
  /** When the first tick was seen; NaN before. */
  sinceSec: number
}

export function createFollower(): Follower {
  return { tracks: new Map(), sinceSec: Number.NaN }
}

const USED = 'host'

/** Memory and swap that are taken: what it rises by, the host has lost. */
function usedBytes({
  memTotalBytes,
  memAvailableBytes,
  swapTotalBytes,
  swapFreeBytes,
}: HostRow): number {
  return memTotalBytes - memAvailableBytes + swapTotalBytes - swapFreeBytes
}

type PoolSize = Pick<Pool, 'name' | 'bytes'>

function poolSizes(host: HostRow, rows: readonly SubjectRow[]): readonly PoolSize[] {
  // What processes have mapped is theirs; of what several share, each counts it.
  const mapped = rows.reduce(
    (sum, row) => sum + (row.kind === 'process' ? (row.shmemBytes ?? 0) : 0),
    0,
  )
  return [
    { name: 'tmpfs and shared memory', bytes: Math.max(0, host.shmemBytes - mapped) },
    { name: 'unreclaimable slab', bytes: host.slabUnreclaimableBytes },
    { name: 'huge pages', bytes: host.hugepagesBytes },
    { name: 'kernel memory', bytes: host.unaccountedBytes + (host.vmallocBytes ?? 0) },
  ]
}

/** By pid and start time: of that very process. */
export type FactsOf = (pid: number, startTicks: number) => ProcessFacts

/** Who holds less gives nothing back that would be worth its end. */
export const WEIGHTY_BYTES = MIB

/** A copy of its parent has pages of it, and took none yet. */
const COPY_SHARE = 0.5

/** Where the growth of a process begins that came since the watch did. */
function bornBytes(row: SubjectRow, rows: readonly SubjectRow[], factsOf: FactsOf): number {
  // Whatever it copied of so little is no growth worth the look, and there may be thousands of them.
  if (row.levelBytes < WEIGHTY_BYTES) return 0
  const { parentPid } = factsOf(row.pid ?? 0, row.startTicks ?? 0)
  const parent = rows.find(({ kind, pid }) => kind === 'process' && pid === parentPid)
  return (parent?.levelBytes ?? 0) >= row.levelBytes * COPY_SHARE ? row.levelBytes : 0
}

/**
 * Takes one tick.
 * @param rows every subject; processes alone are looked at
 */
export function followHost(
  follower: Follower,
  host: HostRow,
  rows: readonly SubjectRow[],
  factsOf: FactsOf,
): void {
  const tSec = host.bootMs / 1000
  const isFirst = Number.isNaN(follower.sinceSec)
  if (isFirst) follower.sinceSec = tSec
  const { tracks } = follower
  const follow = (id: string, bytes: number, bornAt: () => number = () => bytes): void => {
    const track = tracks.get(id)
    if (track === undefined) tracks.set(id, createTrack(tSec, bornAt(), bytes))
    else followGrowth(track, tSec, bytes)
  }
  follow(USED, usedBytes(host))
  for (const { name, bytes } of poolSizes(host, rows)) follow(name, bytes)
  const present = new Set<string>()
  for (const row of rows) {
    if (row.kind !== 'process') continue
    present.add(row.id)
    follow(row.id, row.levelBytes, () => (isFirst ? row.levelBytes : bornBytes(row, rows, factsOf)))
  }
  for (const id of tracks.keys()) {
    if (id.startsWith('process:') && !present.has(id)) tracks.delete(id)
  }
}

function candidateOf(row: SubjectRow, follower: Follower, facts: ProcessFacts): Candidate {
  const track = follower.tracks.get(row.id)
  const { anonBytes, fileBytes, shmemBytes, swapBytes } = row
  return {
    ...facts,
    pid: row.pid ?? 0,
    startTicks: row.startTicks ?? 0,
    name: row.name,
    uid: row.uid,
    cgroup: row.cgroup,
    unit: row.unit,
    levelBytes: row.levelBytes,
    badnessBytes: (anonBytes ?? 0) + (fileBytes ?? 0) + (shmemBytes ?? 0) + (swapBytes ?? 0),
    grown: track === undefined ? [0, 0, 0] : readGrown(track, row.levelBytes),
    verdict: row.verdict,
  }
}

export function memoryOf(host: HostRow, fallBytesPerSec: number): HostMemory {
  return {
    totalBytes: host.memTotalBytes - host.hugepagesBytes,
    availableBytes: host.memAvailableBytes,
    swapFreeBytes: host.swapFreeBytes,
    fallBytesPerSec,
    psiFullPct: host.psi?.fullAvg10Pct ?? null,
  }
}

/** As of the last tick that was followed. */
export function readHostState(
  follower: Follower,
  host: HostRow,
  rows: readonly SubjectRow[],
  {
    factsOf,
    fallBytesPerSec,
    leastBytes = 0,
  }: {
    readonly factsOf: FactsOf
    readonly fallBytesPerSec: number
    /** Who holds less is no candidate, and nothing is asked of it. */
    readonly leastBytes?: number
  },
): HostState {
  const grownOf = (id: string, bytes: number) => {
    const track = follower.tracks.get(id)
    return track === undefined ? ([0, 0, 0] as const) : readGrown(track, bytes)
  }
  return {
    bootSec: host.bootMs / 1000,
    memory: memoryOf(host, fallBytesPerSec),
    lost: grownOf(USED, usedBytes(host)),
    pools: poolSizes(host, rows).map((pool) => ({
      ...pool,
      grown: grownOf(pool.name, pool.bytes),
    })),
    candidates: rows
      .filter((row) => row.kind === 'process' && row.pid !== null && row.levelBytes >= leastBytes)
      .map((row) => candidateOf(row, follower, factsOf(row.pid ?? 0, row.startTicks ?? 0))),
  }
}

/** How fast room falls over the shortest window; 0: it does not. */
export function fallOf(follower: Follower, host: HostRow): number {
  const track = follower.tracks.get(USED)
  const lastedSec = Math.min(host.bootMs / 1000 - follower.sinceSec, 10)
  if (track === undefined || !(lastedSec > 0)) return 0
  return Math.max(0, readGrown(track, usedBytes(host))[0] / lastedSec)
}
