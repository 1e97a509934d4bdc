/**
 * @module Runs in a guest: looks by the sampler, and what the kernel says of the same groups before
 * and after each, as events on standard output. A second look waits until the group has grown.
 *
 * node cgroup-look.mjs [--grown GROUP --bytes COUNT] NAME GROUP...
 */
import { readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import type { HostRow, Missing, PoolRow } from '../../src/core/procfs/records.ts'
import type { LimitRow } from '../../src/core/wire/records.ts'
import { readBootMs } from '../../src/linux/identity.ts'
import { openSampler, type Sampler } from '../../src/linux/sampler.ts'

/** What the kernel says of a group: `current`, `swap`, and lines of memory.stat. */
export type GroupFigures = Readonly<Record<string, number>>

export interface KernelSays {
  readonly groups: Readonly<Record<string, GroupFigures>>
  /** Lines of /proc/pressure/memory. */
  readonly pressure: string
}

export interface LookedProcess {
  readonly comm: string
  readonly cgroup: string
  readonly anonBytes: number
  readonly shmemBytes: number
  readonly swapBytes: number
  readonly limit?: LimitRow
}

export interface Look {
  readonly before: KernelSays
  readonly after: KernelSays
  readonly pools: readonly PoolRow[]
  readonly host: HostRow
  readonly processes: readonly LookedProcess[]
  readonly missing: readonly Missing[]
}

const STAT_KEYS = /^(?:anon|file|shmem|sock|kernel|slab_reclaimable) /
/** As often as a guard does. */
const EVERY_MS = 100

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return ''
  }
}

function readFigure(group: string, file: string): number {
  return Number(readText(`/sys/fs/cgroup${group}/${file}`))
}

function figuresOf(group: string): GroupFigures {
  const stat = readText(`/sys/fs/cgroup${group}/memory.stat`)
    .split('\n')
    .filter((line) => STAT_KEYS.test(line))
    .map((line) => line.split(' '))
    .map(([key = '', value]): [string, number] => [key, Number(value)])
  return {
    current: readFigure(group, 'memory.current'),
    swap: readFigure(group, 'memory.swap.current'),
    ...Object.fromEntries(stat),
  }
}

function readKernel(groups: readonly string[]): KernelSays {
  return {
    groups: Object.fromEntries(groups.map((group) => [group, figuresOf(group)])),
    pressure: readText('/proc/pressure/memory'),
  }
}

function look(sampler: Sampler, groups: readonly string[]): Look {
  const { table } = sampler
  const bootMs = readBootMs()
  sampler.readHost(bootMs, Date.now())
  sampler.fastPass(bootMs)
  const before = readKernel(groups)
  sampler.fullPass(1_000_000, bootMs)
  const pools = sampler.readPools().filter(({ kind }) => kind === 'cgroup')
  const host = sampler.readHost(bootMs, Date.now())
  if (host === undefined) throw new Error('meminfo cannot be read')
  const processes = Array.from({ length: table.length }, (_, slot) => slot)
    .filter((slot) => table.pid[slot] !== 0 && groups.includes(table.cgroup[slot] ?? ''))
    .map((slot) => {
      const limit = sampler.readLimit(slot)
      return {
        comm: table.comm[slot] ?? '',
        cgroup: table.cgroup[slot] ?? '',
        anonBytes: table.anonBytes[slot] ?? Number.NaN,
        shmemBytes: table.shmemBytes[slot] ?? Number.NaN,
        swapBytes: table.swapBytes[slot] ?? Number.NaN,
        ...(limit === undefined ? {} : { limit }),
      }
    })
  const after = readKernel(groups)
  return { before, after, pools, host, processes, missing: sampler.missing() }
}

function tell(name: string, seen: Look): void {
  console.log(JSON.stringify({ event: 'look', name, ...seen }))
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { grown: { type: 'string' }, bytes: { type: 'string' } },
})
const [name = '', ...groups] = positionals
const sampler = openSampler()
const { grown, bytes } = values
const fromBytes = grown === undefined ? 0 : readFigure(grown, 'memory.current')
tell(name, look(sampler, groups))
if (grown !== undefined) {
  while (readFigure(grown, 'memory.current') < fromBytes + Number(bytes)) await setTimeout(EVERY_MS)
  tell(`${name}, grown`, look(sampler, groups))
}
sampler.close()
