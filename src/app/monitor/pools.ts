/** @module Cgroups, tmpfs mounts, slab caches and the kernel's own memory as subjects. */
import type { PoolRow } from '../../core/procfs/records.ts'
import type { SubjectId, SubjectRow } from '../../core/wire/records.ts'
import type { Sampler } from '../../linux/sampler.ts'
import { identifyCgroup } from './identity.ts'
import type { SeriesIndex } from './series-index.ts'
import { releaseSlot } from './series-index.ts'
import type { Subject } from './subject.ts'
import {
  createSubject,
  feedSubject,
  isSuspect,
  stateOf,
  tightestLimit,
  verdictOf,
} from './subject.ts'
import type { Happening } from './verdict-events.ts'
import { endedHappening } from './verdict-events.ts'

export interface Pool extends Subject {
  readonly name: string
  /** Of a cgroup: whose it is. */
  readonly unit: string | null
  readonly container: string | null
  /** Whether the last look saw it. */
  isSeen: boolean
}

export interface Pools {
  readonly sampler: Sampler
  readonly index: SeriesIndex
  readonly byId: Map<SubjectId, Pool>
}

export function createPools(sampler: Sampler, index: SeriesIndex): Pools {
  return { sampler, index, byId: new Map() }
}

function take({ sampler, index, byId }: Pools, { kind, name }: PoolRow): Pool {
  const id = `${kind}:${name}`
  const known = byId.get(id)
  if (known !== undefined) return known
  const owner =
    kind === 'cgroup'
      ? identifyCgroup(name, sampler.nameContainer)
      : { unit: null, container: null }
  const pool: Pool = { ...createSubject(index, id, kind), name, ...owner, isSeen: true }
  byId.set(id, pool)
  return pool
}

/** Feeds every pool's series; lets go of those that are not there any more. */
export function tickPools(
  pools: Pools,
  rows: readonly PoolRow[],
  tSec: number,
  hostHeadroomBytes: number,
  gone: SubjectId[],
  happenings: Happening[],
): void {
  for (const pool of pools.byId.values()) pool.isSeen = false
  for (const row of rows) {
    const pool = take(pools, row)
    pool.isSeen = true
    pool.ownLimitLevel = row.limitBytes ?? Number.POSITIVE_INFINITY
    pool.ownLimitKind = row.kind === 'cgroup' ? 'cgroup' : 'own-size'
    feedSubject(pools.index, pool, tSec, row.usedBytes, hostHeadroomBytes)
  }
  for (const pool of pools.byId.values()) {
    if (pool.isSeen) continue
    const state = stateOf(pools.index, pool)
    if (isSuspect(state)) happenings.push(endedHappening(poolRow(pools, pool, 0), state))
    pools.byId.delete(pool.id)
    releaseSlot(pools.index, pool.id)
    gone.push(pool.id)
  }
}

export function poolRow({ index }: Pools, pool: Pool, hostHeadroomBytes: number): SubjectRow {
  return {
    id: pool.id,
    kind: pool.kind,
    name: pool.name,
    pid: null,
    startTicks: null,
    uid: null,
    serviceId: null,
    cgroup: pool.kind === 'cgroup' ? pool.name : null,
    unit: pool.unit,
    container: pool.container,
    processes: null,
    levelBytes: Number.isNaN(pool.levelBytes) ? 0 : pool.levelBytes,
    anonBytes: null,
    fileBytes: null,
    shmemBytes: null,
    swapBytes: null,
    threads: null,
    fds: null,
    limit: tightestLimit(pool, hostHeadroomBytes),
    verdict: verdictOf(index, pool),
  }
}
