import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseKernelLines } from './printed.ts'
import { computeOutcomes, partOf } from './what-if.ts'

for (const [text, part] of [
  ['leaker invoked oom-killer: gfp_mask=0x140dca(GFP_HIGHUSER_MOVABLE), order=0', 'header'],
  ['Tasks state (memory values in pages):', 'task-table'],
  [
    '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name',
    'task-table',
  ],
  [
    '[     92]     0    92      511      173    32768        0         -1000 heartbeat',
    'task-table',
  ],
  [
    '[ 123456] 100000 123456     511      173    32768        0             0 a [b] c',
    'task-table',
  ],
  ['oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/', 'summary'],
  ['Out of memory: Killed process 146 (leaker) total-vm:443388kB', 'kill'],
  ['Memory cgroup out of memory: Killed process 7 (a) total-vm:1kB', 'kill'],
  ['Mem-Info:', 'rest'],
  ['', 'rest'],
] as const) {
  test(`a line of a report is its ${part}: ${text.slice(0, 30)}`, () => {
    assert.equal(partOf(text), part)
  })
}

/** Texts of ten bytes and more; the stamp takes fifteen. */
function logAt(restLevel: number) {
  return parseKernelLines([
    '<4>[    5.900000] leaker invoked oom-killer: order=0',
    `<${restLevel}>[    5.910000] Call Trace:`,
    `<${restLevel}>[    5.920000] Mem-Info:`,
    '<6>[    6.000000] Tasks state (memory values in pages):',
    '<6>[    6.000100] [     92]     0    92      511      173    32768        0 0 a',
    '<6>[    6.100000] oom-kill:constraint=CONSTRAINT_NONE,task=leaker',
    '<3>[    6.200000] Out of memory: Killed process 9 (leaker) total-vm:1kB',
  ])
}

/** Bytes of the lines of these numbers, each with its line end. */
function bytesOf(numbers: readonly number[]): number {
  const log = logAt(4)
  return numbers.reduce((sum, number) => sum + (log[number]?.printed.length ?? 0) + 2, 0)
}

const ALL = [0, 1, 2, 3, 4, 5, 6]

for (const [what, restLevel, printk, expected] of [
  ['everything is shown', 4, '7 4 1 7', [ALL, [0, 1, 2, 5, 6], [], [6], [0, 6]]],
  ['the table is hidden', 4, '5 4 1 7', [[0, 1, 2, 6], [0, 1, 2, 6], [], [6], [0, 6]]],
  ['the default is debug', 7, '5 7 1 7', [[0, 6], [0, 6], [], [6], [0, 6]]],
] as const) {
  test(`what a setting makes of a report: ${what}`, () => {
    const { asItWas, remedies } = computeOutcomes(
      logAt(restLevel),
      { 'kernel.printk': printk },
      9600,
    )
    const got = [asItWas, ...remedies]
    assert.deepEqual(
      got.map(({ lines, bytes, waitMs }) => ({ lines, bytes, waitMs })),
      expected.map((numbers) => ({
        lines: numbers.length,
        bytes: bytesOf(numbers),
        waitMs: (bytesOf(numbers) * 10_000) / 9600,
      })),
    )
    assert.deepEqual(
      remedies.map(({ log }) => log.hasTable),
      [false, true, true, true],
    )
    assert.deepEqual(
      remedies.map(({ console: { hasHeader, hasKill } }) => [hasHeader, hasKill]),
      [
        [true, true],
        [false, false],
        [false, true],
        [true, true],
      ],
    )
  })
}

test('a run that had no table keeps none, whatever is set', () => {
  const log = logAt(4).filter(({ text }) => partOf(text) !== 'task-table')
  const sysctls = { 'kernel.printk': '7 4 1 7', 'vm.oom_dump_tasks': '0' }
  const { asItWas, remedies } = computeOutcomes(log, sysctls, 19_200)
  assert.equal(asItWas.bytes, bytesOf([0, 1, 2, 5, 6]))
  for (const { log: kept } of [asItWas, ...remedies]) assert.equal(kept.hasTable, false)
})
