/** @module Verdicts on short reports, each the shape of a rule. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainReport } from './explain.ts'
import { readReports } from './read.ts'
import type { Verdict } from './verdict.ts'

function judged(...lines: readonly string[]): Verdict {
  return explainReport(readReports(lines.join('\n'))[0] as never).verdict
}

const COLUMNS = '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name'
const row = (pid: number, rss: number, comm: string): string =>
  `[${String(pid).padStart(7)}]     0 ${pid}  ${rss * 2}  ${rss}  28672  0  0 ${comm}`
const header = (comm: string, mask = '0xcc0(GFP_KERNEL)'): string =>
  `${comm} invoked oom-killer: gfp_mask=${mask}, order=0, oom_score_adj=0`
const killed = (pid: number, comm: string, anonKb: number, of = 'Out of memory'): string =>
  `${of}: Killed process ${pid} (${comm}) total-vm:9999999kB, anon-rss:${anonKb}kB, file-rss:0kB, shmem-rss:0kB`

test('without its table a group accuses only whom the usage accuses', () => {
  const usage = 'memory: usage 1000000kB, limit 1000000kB, failcnt 9'
  const of = 'Memory cgroup out of memory'
  const verdicts = [4, 200_000, 900_000].map((kb) => judged(usage, killed(7, 'pause', kb, of)))
  assert.deepEqual(
    verdicts.map(({ verdict, isInnocent, cause }) => [verdict, isInnocent, cause]),
    [
      ['innocent', true, 'cgroup-limit'],
      ['unknown', null, 'cgroup-limit'],
      ['guilty', false, 'cgroup-limit'],
    ],
  )
})

const cpuset = (...nodes: readonly string[]): string =>
  `oom-kill:constraint=CONSTRAINT_CPUSET,nodemask=(null),cpuset=c,mems_allowed=${nodes.join()},global_oom,task_memcg=/x,task=hog,pid=7,uid=0`

test('on some nodes: the largest of those that may use them, unless who asked is as large', () => {
  const report = (asker: readonly string[], rss: number): readonly string[] => [
    ...asker,
    COLUMNS,
    row(7, 90_000, 'hog'),
    row(8, rss, 'asker'),
    cpuset('0'),
    killed(7, 'hog', 360_000),
  ]
  assert.equal(judged(...report([header('asker')], 300)).verdict, 'guilty')
  assert.equal(judged(...report([header('asker')], 88_000)).verdict, 'innocent')
  // Who asked is not in the log, and another is larger.
  assert.equal(judged(...report([], 200_000)).verdict, 'unknown')
})

test('the counters alone may show that the killed held most', () => {
  const counters = [
    'active_anon:63 inactive_anon:490000 isolated_anon:0',
    ' active_file:253 inactive_file:117 isolated_file:0',
    ' slab_reclaimable:1800 slab_unreclaimable:5600',
    ' free:12000 free_pcp:0 free_cma:0',
  ]
  const lines = [header('x'), 'Mem-Info:', ...counters]
  assert.equal(judged(...lines, killed(7, 'hog', 1_900_000)).verdict, 'guilty')
  assert.equal(judged(...lines, killed(7, 'small', 19_000)).verdict, 'unknown')
})

/** 2.6.24: lists are not split, masks have no words. */
const OLD = [
  'Mem-info:',
  'Active:60199 inactive:60349 dirty:0 writeback:0 unstable:0',
  ' free:1194 slab:2402 mapped:498 pagetables:1235 bounce:0',
  'DMA free:2040kB min:88kB low:108kB high:132kB active:4972kB inactive:5076kB present:16256kB pages_scanned:21155 all_unreclaimable? yes',
  'Normal free:2736kB min:2788kB low:3484kB high:4180kB active:235824kB inactive:236320kB present:502352kB pages_scanned:839128 all_unreclaimable? yes',
]

test('kernels before 2.6.28: what fills the memory is on the lists, whatever their capitals', () => {
  const lines = ['ls invoked oom-killer: gfp_mask=0x1201d2, order=0, oomkilladj=0', ...OLD]
  const swap = ['Free swap  = 0kB', 'Total swap = 875532kB', '130672 pages of RAM']
  const [report] = readReports([...lines, ...swap, 'Killed process 5 (ls)'].join('\n'))
  const { balance, verdict } = explainReport(report as never)
  assert.equal(balance?.pages.anon, 120_548)
  assert.ok(Math.abs(balance?.pages.unaccounted ?? Number.NaN) < 8000)
  assert.equal(verdict.verdict, 'unknown')
})

test('a request that may take from high memory is not short of low memory', () => {
  const high =
    'HighMem free:3940016kB min:512kB low:4976kB high:9440kB active:7808kB inactive:4936kB present:4228224kB'
  const of = (mask: string): Verdict =>
    judged(
      `sh invoked oom-killer: gfp_mask=${mask}, order=0, oomkilladj=0`,
      ...OLD,
      high,
      'Killed process 5 (sh)',
    )
  assert.match(of('0x84d0').culprit ?? '', /low memory/)
  assert.doesNotMatch(of('0x201d2').culprit ?? '', /low memory/)
})

const FILLED = 'memory: usage 524288kB, limit 524288kB, failcnt 12'
const V1 =
  'Memory cgroup stats for /pod: cache:0KB rss:0KB shmem:0KB inactive_file:0KB active_file:0KB'

test('v1: what the groups below have fills the limit of the one above', () => {
  const lines = [
    header('sh'),
    FILLED,
    V1,
    V1.replace('/pod', '/pod/a').replace('cache:0KB', 'cache:300000KB'),
    V1.replace('/pod', '/pod/b').replace('cache:0KB', 'cache:200000KB').replace('rss:0', 'rss:900'),
  ]
  const of = 'Memory cgroup out of memory'
  assert.equal(judged(...lines, killed(7, 'sh', 900, of)).culprit, 'page cache of the group')
  const since53 = [
    'Memory cgroup stats for /pod:',
    'cache 0',
    'rss 0',
    'total_cache 536870912',
    'total_rss 4096',
  ]
  assert.equal(
    judged(header('sh'), FILLED, ...since53, killed(7, 'sh', 4, of)).culprit,
    'page cache of the group',
  )
})

test('what fills a group is told where nobody was killed, too', () => {
  const stats = ['Memory cgroup stats for /pod:', 'anon 4096', 'file 4096', 'kernel 500000000']
  const { verdict, culprit } = judged(header('sh'), FILLED, ...stats)
  assert.deepEqual([verdict, culprit], ['not-a-process', 'kernel memory of the group'])
})
