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

/** What a console printed, without what is not the report's own, and without other rows of tasks. */
function linesIn(console: string): readonly string[] {
  return console
    .split('\r\n')
    .map((line) => line.replace(/^\[ *\d+\.\d+\] /, ''))
    .filter(
      (text) => text !== '' && !text.startsWith('clocksource') && !text.startsWith('oom_reaper'),
    )
    .filter((text) => !/^\[ *\d+\].*(?<!leaker)$/.test(text))
}

/** Without the stack: it differs by a line or two from one fault to another. */
function withoutStack(texts: readonly string[]): readonly string[] {
  const from = texts.findIndex((text) => text.startsWith('CPU: '))
  const to = texts.indexOf(' </TASK>')
  return [...texts.slice(0, from), ...texts.slice(to + 1)]
}

/** A counter's name, or the first words of another line. */
function gist(text: string): string {
  return /^(\w+) \d+$/.exec(text)?.[1] ?? text.replace(/\d+/g, '').slice(0, 8)
}

for (const [version, release, build] of [
  ['6.1', '6.1.0-56-cloud-amd64', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-01-01)'],
  [
    '7.2',
    '7.2.13+deb14-cloud-amd64',
    '#1 SMP PREEMPT(lazy) PREEMPT_DYNAMIC Debian 7.2.13-1 (2026-01-01)',
  ],
] as const) {
  test(`a console gets a container's report as from ${version}`, { skip }, () => {
    const seen = linesIn(readFileSync(join(CAPTURES, `oom-${version}-memcg.console`), 'utf8'))
    const own = renderContainerReport(hostOf(release, build), '/job', 64 * MIB).map(
      ({ text }) => text,
    )
    const isCommon = (text: string): boolean => !text.startsWith('Memory cgroup min')
    assert.deepEqual(withoutStack(own).map(gist), withoutStack(seen).filter(isCommon).map(gist))
    const bytes = (lines: readonly string[]): number =>
      lines.reduce((sum, text) => sum + text.length + 17, 0)
    const share = bytes(own) / bytes(seen)
    assert.ok(share > 0.97 && share < 1.03, `${bytes(own)} instead of ${bytes(seen)} bytes`)
  })
}

test('where the counters are one record, the console shows no more than 1024 bytes of it', () => {
  const counters = (release: string): number =>
    renderContainerReport(hostOf(release, ''), '/job', 64 * MIB).filter(
      ({ part }) => part === 'memcg',
    ).length - 3
  assert.deepEqual([counters('6.1'), counters('6.12')], [32, 60])
})
