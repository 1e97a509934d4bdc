import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { judgeKind } from './kind.ts'
import { readReports } from './read.ts'
import type { OomReport } from './records.ts'
import type { PlainRecord } from './transports.fixture.ts'
import { factsOf, WHOLE } from './whole-reports.fixture.ts'

function stamped({ text, uptimeSec }: PlainRecord, caller = ''): string {
  return `[${uptimeSec.toFixed(6).padStart(12)}]${caller === '' ? '' : `[ ${caller}]`} ${text}`
}

function logOf(records: readonly PlainRecord[]): string {
  return records.map((record) => stamped(record)).join('\n')
}

/** Each fact is what it was, or is not known; nothing is invented. */
function assertNothingInvented(
  reports: readonly OomReport[],
  whole: OomReport,
  what: string,
): void {
  const killed = new Map(whole.killed.map((each) => [each.pid, each]))
  for (const report of reports) {
    const { trigger } = report
    if (trigger !== null) assert.equal(trigger.comm, whole.trigger?.comm, what)
    if (trigger?.pid != null) assert.equal(trigger.pid, whole.trigger?.pid, what)
    for (const each of report.killed) {
      const { line: _line, ...facts } = each
      const { line: _its, ...known } = killed.get(each.pid) ?? { line: 0 }
      assert.deepEqual(facts, known, what)
    }
    if (report.constraint !== null) assert.equal(report.constraint, whole.constraint, what)
    if (report.taskMemcg !== null) assert.equal(report.taskMemcg, whole.taskMemcg, what)
    if (report.oomMemcg !== null) assert.equal(report.oomMemcg, whole.oomMemcg, what)
    if (report.order !== null) assert.equal(report.order, whole.order, what)
    for (const [name, value] of Object.entries(report.counters)) {
      assert.equal(value, whole.counters[name], `${what}: ${name}`)
    }
    for (const [name, value] of Object.entries(report.memcgUsage)) {
      assert.deepEqual(value, whole.memcgUsage[name], `${what}: ${name}`)
    }
    if (report.pagesRam !== null) assert.equal(report.pagesRam, whole.pagesRam, what)
    const kind = judgeKind(report)
    // Where the group's own lines are lost, the machine's remain.
    if (kind !== 'unknown' && kind !== 'global') assert.equal(kind, judgeKind(whole), what)
  }
}

function only(records: readonly PlainRecord[]): OomReport {
  return readReports(logOf(records))[0] as OomReport
}

test('cut at every line, a report says what it did or less', () => {
  for (const { file, records } of WHOLE) {
    const whole = only(records)
    const step = Math.max(1, Math.floor(records.length / 200))
    for (let end = 1; end < records.length; end += step) {
      const reports = readReports(logOf(records.slice(0, end)))
      assert.ok(reports.length <= 1, `${file} to ${end}: ${reports.length} reports`)
      assertNothingInvented(reports, whole, `${file} to ${end}`)
    }
  }
})

test('without its first lines, a report says what it did or less', () => {
  for (const { file, records } of WHOLE) {
    const whole = only(records)
    const step = Math.max(1, Math.floor(records.length / 200))
    for (let from = 1; from < records.length; from += step) {
      assertNothingInvented(readReports(logOf(records.slice(from))), whole, `${file} from ${from}`)
    }
  }
})

test('without any one line, a report says what it did or less', () => {
  for (const { file, records } of WHOLE) {
    const whole = only(records)
    const step = Math.max(1, Math.floor(records.length / 200))
    for (let gone = 0; gone < records.length; gone += step) {
      const reports = readReports(logOf(records.toSpliced(gone, 1)))
      assertNothingInvented(reports, whole, `${file} without ${gone}`)
    }
  }
})

const anyWhole = fc.integer({ min: 0, max: Math.max(0, WHOLE.length - 1) })

test('with many lines lost, a report says what it did or less', () => {
  fc.assert(
    fc.property(
      anyWhole,
      fc.double({ min: 0.02, max: 0.6, noNaN: true }),
      fc.nat(),
      (index, part, seed) => {
        const { file, records } = WHOLE[index] as (typeof WHOLE)[number]
        let state = seed + 1
        const kept = records.filter(() => {
          state = (state * 48_271) % 2_147_483_647
          return state / 2_147_483_647 > part
        })
        assertNothingInvented(readReports(logOf(kept)), only(records), file)
      },
    ),
    { numRuns: 200, seed: 7 },
  )
})

/** What other parts of a system print meanwhile. */
const FOREIGN = [
  '[UFW BLOCK] IN=eth0 OUT= MAC=00:00 SRC=10.0.0.1 DST=10.0.0.2 LEN=40 TOS=0x00',
  'audit: type=1400 audit(1585200000.123:45): apparmor="DENIED" operation="open" pid=4711 comm="x"',
  'docker0: port 1(veth12) entered disabled state',
  'BUG: kernel NULL pointer dereference, address: 0000000000000008',
  'EXT4-fs warning (device sda1): dx_probe:823: inode #2: comm ls: dx entry: limit != root limit',
  'systemd[1]: Started Session 12 of user root.',
  'usb 1-1: new high-speed USB device number 5 using xhci_hcd',
  'rcu: INFO: rcu_preempt self-detected stall on CPU',
]

test('what others print in between changes nothing', () => {
  fc.assert(
    fc.property(anyWhole, fc.nat(), (index, seed) => {
      const { file, records, facts } = WHOLE[index] as (typeof WHOLE)[number]
      let state = seed + 1
      const next = (): number => {
        state = (state * 48_271) % 2_147_483_647
        return state / 2_147_483_647
      }
      const mixed = records.flatMap((record) =>
        next() < 0.3
          ? [
              record,
              {
                text: FOREIGN[Math.floor(next() * FOREIGN.length)] as string,
                uptimeSec: record.uptimeSec,
              },
            ]
          : [record],
      )
      const reports = readReports(logOf(mixed))
      assert.equal(reports.length, 1, file)
      assert.deepEqual(factsOf(reports[0] as OomReport), facts, file)
    }),
    { numRuns: 100, seed: 7 },
  )
})

test('two reports at once are told apart by their callers', () => {
  fc.assert(
    fc.property(anyWhole, anyWhole, fc.nat(), (first, second, seed) => {
      const pair = [WHOLE[first], WHOLE[second]] as readonly (typeof WHOLE)[number][]
      const queues = pair.map(({ records }, i) =>
        records.map((record) => stamped(record, `T${100 + i}`)),
      )
      let state = seed + 1
      const lines: string[] = []
      while (queues.some((queue) => queue.length > 0)) {
        state = (state * 48_271) % 2_147_483_647
        const queue = queues[state % 2] as string[]
        const line = queue.shift() ?? (queues[1 - (state % 2)] as string[]).shift()
        if (line !== undefined) lines.push(line)
      }
      const reports = readReports(lines.join('\n'))
      assert.equal(reports.length, 2)
      const facts = reports.map((report) => JSON.stringify(factsOf(report))).sort()
      assert.deepEqual(facts, pair.map((whole) => JSON.stringify(whole.facts)).sort())
    }),
    { numRuns: 60, seed: 7 },
  )
})
