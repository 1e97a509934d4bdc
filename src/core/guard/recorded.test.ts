/**
 * @module The policy over recorded incidents: the hosts of real kernels' OOM reports, as they were when the kernel
 * had to choose. A report knows nobody's growth, so this is the policy at its least informed.
 */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import type { Fixture } from '../../../lab/scenarios/fixture.ts'
import { KIB } from '../../base/units.ts'
import { balanceOf, pageKbOf } from '../oom/balance.ts'
import { readReports } from '../oom/read.ts'
import type { OomReport, TaskRow } from '../oom/records.ts'
import { choose } from './choose.ts'
import { candidateFixture, memoryFixture } from './host.fixture.ts'
import type { Candidate, Choice, HostState, Pool } from './records.ts'
import { NO_RULES } from './rules.ts'
import { judgeShortage } from './shortage.ts'

const LOGS = join(import.meta.dirname, '../../../lab/scenarios/logs')
const fixtures: readonly Fixture[] = JSON.parse(readFileSync(join(LOGS, 'index.json'), 'utf8'))

function candidateOf(row: TaskRow, pageBytes: number): Candidate {
  const swap = row.swapents ?? 0
  const level = (row.rssAnon ?? row.rss ?? 0) + (row.rssShmem ?? 0) + swap
  return candidateFixture(row.comm, {
    pid: row.pid,
    exe: null,
    uid: row.uid,
    oomScoreAdj: row.oomScoreAdj,
    levelBytes: level * pageBytes,
    badnessBytes: ((row.rss ?? 0) + swap) * pageBytes,
  })
}

/** As the report shows it; `undefined`: it does not show the machine. */
function hostOf(report: OomReport): HostState | undefined {
  const balance = balanceOf(report)
  if (balance === undefined) return undefined
  const pageBytes = pageKbOf(report) * KIB
  const { pages, managedPages } = balance
  const candidates = report.tasks.map((row) => candidateOf(row, pageBytes))
  const mapped = report.tasks.reduce((sum, { rssShmem }) => sum + (rssShmem ?? 0), 0)
  const pool = (name: Pool['name'], count: number): Pool => ({
    name,
    bytes: Math.max(0, count) * pageBytes,
    grown: [0, 0, 0],
  })
  return {
    bootSec: 1000,
    memory: memoryFixture({
      totalBytes: (managedPages - pages['huge pages']) * pageBytes,
      availableBytes: 0,
    }),
    lost: [0, 0, 0],
    pools: [
      pool('tmpfs and shared memory', pages.shmem - mapped),
      pool('unreclaimable slab', pages['slab, unreclaimable']),
      pool('huge pages', pages['huge pages']),
      pool('kernel memory', pages.unaccounted),
    ],
    candidates,
  }
}

function chooseFor(report: OomReport): Choice | undefined {
  const host = hostOf(report)
  if (host === undefined || host.candidates.length === 0) return undefined
  const shortage = judgeShortage(host.memory)
  return choose(host, shortage, { rules: NO_RULES, own: new Set(), skip: new Set() })
}

const POOL_OF: Readonly<Record<string, Pool['name']>> = {
  tmpfs: 'tmpfs and shared memory',
  slab: 'unreclaimable slab',
  hugetlb: 'huge pages',
}

let judged = 0
for (const { name, scenario, ooms } of fixtures) {
  const file = join(LOGS, `${name}.log`)
  const [truth] = ooms
  if (!existsSync(file) || truth?.kind !== 'global') continue
  const [report] = readReports(readFileSync(file, 'utf8'))
  const choice = report === undefined ? undefined : chooseFor(report)
  if (choice === undefined) continue
  judged++
  const poolName = POOL_OF[truth.culprit ?? '']
  if (poolName !== undefined) {
    test(`${name}: ${poolName} has the memory, and nobody is ended for it`, () => {
      assert.equal(choice.pool?.name, poolName)
    })
  } else if (scenario !== 'spared-leaker' && truth.culprit !== null) {
    test(`${name}: ${truth.culprit} would go`, () => {
      assert.equal(choice.pool, null)
      assert.equal(choice.ranking[0]?.candidate.name, truth.culprit)
    })
  }
}

test('there are incidents to judge', () => assert.ok(judged >= 10, String(judged)))
