import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { MIB } from '../../base/units.ts'
import { renderContainerReport } from './container-report.ts'
import type { ReportHost, ReportTask } from './records.ts'

const CAPTURES = join(import.meta.dirname, '../../../../shared/captures')
const skip = existsSync(CAPTURES) ? false : 'no captures beside the project'

const LEAKER: ReportTask = {
  comm: 'leaker',
  pid: 136,
  uid: 0,
  totalVmPages: 16_635,
  rssAnonPages: 16_500,
  rssFilePages: 0,
  rssShmemPages: 0,
  pageTableBytes: 167_936,
  swapPages: 0,
  oomScoreAdj: 1000,
}

function hostOf(release: string, version: string): ReportHost {
  return {
    release,
    version,
    hardware: 'QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014',
    nodes: [],
    hugePageKb: [],
    pageBytes: 4096,
    swapTotalKb: 0,
    shmemPages: 0,
    pageTablePages: 0,
    kernelStackKb: 0,
    slabReclaimablePages: 0,
    slabUnreclaimablePages: 0,
    unevictablePages: 0,
    mappedPages: 0,
    hasCgroup2: true,
    tasks: [LEAKER],
  }
}

/** Lines of a report by level and their text's bytes; what is not its own, and other rows of tasks, left out. */
function linesIn(kmsg: string): readonly { readonly level: number; readonly text: string }[] {
  return kmsg
    .split('\n')
    .flatMap((record) => {
      const [, level, text = ''] = /^(\d+),[^;]*;(.*)$/.exec(record) ?? []
      if (level === undefined || text.startsWith('clocksource')) return []
      return text.split('\\x0a').map((line) => ({ level: Number(level), text: line }))
    })
    .filter(({ text }) => !/^\[ *\d+\].*(?<!leaker)$/.test(text))
}

for (const [version, release, build] of [
  ['6.1', '6.1.0-56-cloud-amd64', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-01-01)'],
  [
    '7.2',
    '7.2.13+deb14-cloud-amd64',
    '#1 SMP PREEMPT(lazy) PREEMPT_DYNAMIC Debian 7.2.13-1 (2026-01-01)',
  ],
] as const) {
  test(`a container's report is as ${version} printed it`, { skip }, () => {
    const seen = linesIn(readFileSync(join(CAPTURES, `oom-${version}-memcg.kmsg`), 'utf8'))
    const own = renderContainerReport(hostOf(release, build), '/job', 64 * MIB)
    const levels = (lines: readonly { readonly level: number | 'default' }[]): string =>
      [3, 4, 6]
        .map((n) => lines.filter(({ level }) => (level === 'default' ? 4 : level) === n).length)
        .join(' ')
    // What is on the stack differs by a line or two from one fault to another.
    const withoutStack = own.filter(({ part }) => part !== 'stack')
    const from = seen.findIndex(({ text }) => text.startsWith('CPU: '))
    const to = seen.findIndex(({ text }) => text === ' </TASK>')
    const seenWithoutStack = [...seen.slice(0, from), ...seen.slice(to + 1)]
    const isHere = seenWithoutStack.filter(({ text }) => !text.startsWith('Memory cgroup min'))
    assert.equal(levels(withoutStack), levels(isHere))
    const bytes = (lines: readonly { readonly text: string }[]): number =>
      lines.reduce((sum, { text }) => sum + text.length + 17, 0)
    const share = bytes(own) / bytes(seen)
    assert.ok(share > 0.97 && share < 1.03, `${bytes(own)} instead of ${bytes(seen)} bytes`)
  })
}
