import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseZones } from '../procfs/zones.ts'
import type { ReportHost, ReportTask } from './records.ts'
import { renderGlobalReport } from './report.ts'
import { wireBytes } from './wire.ts'

const CAPTURES = join(import.meta.dirname, '../../../../shared/captures')
const skip = existsSync(CAPTURES) ? false : 'no captures beside the project'
const STAMP = { hasTime: true, uptimeSec: 10, callerBytes: 0, hasLevel: false }
const HARDWARE = 'QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014'

function numberIn(text: string, name: string): number {
  return Number(new RegExp(`^${name}:? +(\\d+)`, 'm').exec(text)?.[1] ?? 0)
}

/** The rows of a report that was printed, as tasks: the same processes, so that only the rest is predicted. */
function tasksIn(kmsg: string): readonly ReportTask[] {
  return [
    ...kmsg.matchAll(/^6,\d+,\d+,-;\[ *(\d+)\] +(\d+) +\d+ +(\d+) +(\d+) .* (-?\d+) (\S+)$/gm),
  ].map(([, pid, uid, vm, rss, adj, comm]) => ({
    comm: comm as string,
    pid: Number(pid),
    uid: Number(uid),
    totalVmPages: Number(vm),
    rssAnonPages: Number(rss),
    rssFilePages: 0,
    rssShmemPages: 0,
    pageTableBytes: 28_672,
    swapPages: 0,
    oomScoreAdj: Number(adj),
  }))
}

function hostBefore(release: string, version: string, proc: string, kmsg: string): ReportHost {
  return {
    release,
    version,
    hardware: HARDWARE,
    nodes: parseZones(proc),
    hugePageKb: [1_048_576, 2048],
    pageBytes: 4096,
    swapTotalKb: 0,
    shmemPages: numberIn(proc, 'Shmem') / 4,
    pageTablePages: numberIn(proc, 'PageTables') / 4,
    kernelStackKb: numberIn(proc, 'KernelStack'),
    slabReclaimablePages: numberIn(proc, 'SReclaimable') / 4,
    slabUnreclaimablePages: numberIn(proc, 'SUnreclaim') / 4,
    unevictablePages: numberIn(proc, 'Unevictable') / 4,
    mappedPages: numberIn(proc, 'Mapped') / 4,
    hasCgroup2: true,
    tasks: tasksIn(kmsg),
  }
}

interface Seen {
  readonly level: number
  readonly lines: readonly string[]
}

/** Records of a capture; a record of several lines is so many on a console. */
function recordsIn(kmsg: string): readonly Seen[] {
  return kmsg
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({
      level: Number(line.split(',', 1)[0]),
      lines: line.slice(line.indexOf(';') + 1).split('\\x0a'),
    }))
}

for (const [name, release, version] of [
  ['5.10', '5.10.0-46-cloud-amd64', '#1 SMP Debian 5.10.262-1 (2026-08-01)'],
  ['6.1', '6.1.0-56-cloud-amd64', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-08-01)'],
  [
    '6.12',
    '6.12.117+deb12-cloud-amd64',
    '#1 SMP PREEMPT_DYNAMIC Debian 6.12.117-1~deb12u1 (2026-08-01)',
  ],
  ['7.2', '7.2.13+deb14-cloud-amd64', '#1 SMP PREEMPT(lazy)  Debian 7.2.13-1 (2026-08-01)'],
] as const) {
  test(`a report of ${name} is predicted: bytes within 3 %, lines of each level exactly`, {
    skip,
  }, () => {
    const proc = readFileSync(join(CAPTURES, `proc-before-${name}.txt`), 'utf8')
    const kmsg = readFileSync(join(CAPTURES, `oom-${name}-global.kmsg`), 'utf8')
    const seen = recordsIn(kmsg)
    const predicted = renderGlobalReport(hostBefore(release, version, proc, kmsg))
    const seenLines = new Map<string, number>()
    for (const { level, lines } of seen) {
      seenLines.set(String(level), (seenLines.get(String(level)) ?? 0) + lines.length)
    }
    const predictedLines = new Map<string, number>()
    for (const { level } of predicted) {
      const own = String(level === 'default' ? 4 : level)
      predictedLines.set(own, (predictedLines.get(own) ?? 0) + 1)
    }
    assert.deepEqual([...predictedLines].sort(), [...seenLines].sort())
    const sum = (texts: readonly string[]): number =>
      texts.reduce((total, text) => total + wireBytes(text, STAMP), 0)
    const seenBytes = sum(seen.flatMap(({ lines }) => lines))
    const bytes = sum(predicted.map(({ text }) => text))
    assert.ok(Math.abs(bytes / seenBytes - 1) < 0.03, `${bytes} for ${seenBytes}`)
  })
}
