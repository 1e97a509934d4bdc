/**
 * @module The adaptive console on real kernels: what a bystander feels of an OOM with the console guard, and in
 * the same machine without. `node bench/console-guard.ts [--runs 3] [--without 1] [--kernels 6.1,5.10,6.12]
 * [--groups]`; one guest at a time, some 20 to 60 s each.
 */
import { parseArgs } from 'node:util'
import { findKernel, KERNEL_VERSIONS } from '../lab/archive/kernels.ts'
import type { GuestRun } from '../lab/machine/run.ts'
import { runGuest } from '../lab/machine/run.ts'
import type { Felt } from './console-guard/guest.ts'
import { BAUD, feltOf, groupGuest, hostGuest, TASKS } from './console-guard/guest.ts'

const WITHIN_SEC = 180
/** What a bystander may feel. */
const TARGET_MS = 300

type Version = (typeof KERNEL_VERSIONS)[number]

interface Row {
  readonly version: Version
  readonly isOn: boolean
  readonly felts: Felt[]
  /** Runs that did not play to their end. */
  failed: number
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}

function stallsOf(felts: readonly Felt[], name?: string): number[] {
  return felts.map(({ longestMs }) =>
    name === undefined ? Math.max(...Object.values(longestMs)) : (longestMs[name] ?? Number.NaN),
  )
}

function describe({ version, isOn, felts, failed }: Row): string {
  const stalls = stallsOf(felts)
  const all = (is: (felt: Felt) => boolean): string => `${felts.filter(is).length}/${felts.length}`
  const figures = [0.5, 0.9, 1].map((share) => Math.round(quantile(stalls, share))).join(' / ')
  const bytes = quantile(
    felts.map(({ wireBytes }) => wireBytes),
    0.5,
  )
  const loud = Math.round(
    quantile(
      felts.map(({ loudAfterMs }) => loudAfterMs),
      1,
    ),
  )
  return [
    version.padEnd(5),
    isOn ? 'guard  ' : 'without',
    `stall ${figures} ms (median / p90 / max of ${felts.length})`,
    `${bytes} bytes`,
    `header ${all(({ headers }) => headers > 0)}, kill ${all(({ kills }) => kills > 0)}`,
    `whole in dmesg ${all(({ rows }) => rows.length > 0 && rows.every((count) => count >= TASKS))}`,
    `as found ${all(({ levelsAtEnd }) => levelsAtEnd === '7 4')}`,
    isOn ? `loud again within ${loud} ms` : '',
    failed > 0 ? `${failed} runs failed` : '',
  ]
    .filter((part) => part !== '')
    .join('  ')
}

async function play(version: Version, isOn: boolean, isGroups: boolean): Promise<GuestRun> {
  const kernel = await findKernel(version)
  const guest = await (isGroups ? groupGuest : hostGuest)(kernel, isOn)
  return runGuest(guest, { withinSec: WITHIN_SEC })
}

async function runInto(row: Row): Promise<void> {
  const run = await play(row.version, row.isOn, false)
  if (run.ending !== 'played') {
    row.failed++
    console.log(`${row.version}: ${run.ending}`, run.talk.slice(-3).join(' | '))
    return
  }
  const felt = feltOf(run)
  row.felts.push(felt)
  console.log(`${row.version} ${row.isOn ? 'guard' : 'without'}`, JSON.stringify(felt))
}

async function runGroups(version: Version): Promise<void> {
  for (const isOn of [true, false]) {
    const run = await play(version, isOn, true)
    console.log(
      `${version} groups ${isOn ? 'guard' : 'without'}`,
      run.ending,
      JSON.stringify(feltOf(run)),
    )
  }
}

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    without: { type: 'string', default: '1' },
    kernels: { type: 'string', default: '6.1,5.10,6.12' },
    groups: { type: 'boolean', default: false },
  },
})
const versions = values.kernels.split(',').flatMap((name) => {
  const version = KERNEL_VERSIONS.find((known) => known === name)
  if (version === undefined)
    throw new Error(`no kernel ${name}; there are ${KERNEL_VERSIONS.join(', ')}`)
  return [version]
})
const rows: Row[] = versions.flatMap((version) =>
  [true, false].map((isOn) => ({ version, isOn, felts: [], failed: 0 })),
)
for (let run = 0; run < Math.max(Number(values.runs), Number(values.without)); run++) {
  for (const row of rows) {
    if (run < Number(row.isOn ? values.runs : values.without)) await runInto(row)
  }
}
console.log(`${TASKS} tasks, ${BAUD} baud, 1 GiB, a leak of 200 MiB/s`)
for (const row of rows) if (row.felts.length > 0) console.log(describe(row))
const guarded = rows.filter(({ isOn }) => isOn).flatMap(({ felts }) => stallsOf(felts))
const isMet = guarded.every((ms) => ms < TARGET_MS) && rows.every(({ failed }) => failed === 0)
console.log(`${isMet ? 'met   ' : 'MISSED'}  no stall of ${TARGET_MS} ms with the guard`)
if (!isMet) process.exitCode = 1
if (values.groups) for (const version of versions) await runGroups(version)
