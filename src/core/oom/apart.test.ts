/** @module What looks as if it belonged together and does not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainReport } from './explain.ts'
import { readReports } from './read.ts'
import { sentence } from './words.ts'

const at = (sec: number, text: string): string => `[${sec.toFixed(6)}] ${text}`
const killed = (pid: number, comm: string): string =>
  `Out of memory: Killed process ${pid} (${comm}) total-vm:9kB, anon-rss:8kB`
const HEADER = 'java invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0'

function deathsIn(...lines: readonly string[]): readonly (readonly number[])[] {
  return readReports(lines.join('\n')).map((report) => report.killed.map(({ pid }) => pid))
}

test('a kill hours after a summary of memory that was asked for has nothing to do with it', () => {
  const [report, ...others] = readReports(
    [at(100, 'Mem-Info:'), at(100, 'free:99 free_pcp:0'), at(40_000, killed(7, 'leaker'))].join(
      '\n',
    ),
  )
  assert.deepEqual([others.length, report?.isKillLineOnly, report?.counters], [0, true, {}])
})

test('a kill hours after a report whose own was lost is another', () => {
  assert.deepEqual(deathsIn(at(100, HEADER), at(40_000, killed(7, 'php'))), [[], [7]])
})

test('a kill of the whole machine is none of a group', () => {
  const group = 'Tasks in /job are going to be killed due to memory.oom.group set'
  const member = (pid: number): string => `Memory cgroup out of memory: Killed process ${pid} (cc1)`
  assert.deepEqual(
    deathsIn(
      at(1, HEADER),
      at(1, member(2)),
      at(1, group),
      at(1, member(3)),
      at(9, killed(4, 'sshd')),
    ),
    [[2, 3], [4]],
  )
})

test('the same name and pid of two boots died twice', () => {
  const line = killed(812, 'mysqld')
  assert.deepEqual(deathsIn(at(9000, line), at(50, line)), [[812], [812]])
})

test('what a program says of itself is not what the kernel says', () => {
  const forged =
    'Nov 25 12:00:01 web1 myapp[12]: kernel: Out of memory: Killed process 1 (init) total-vm:9kB'
  assert.deepEqual(deathsIn(forged), [])
})

test('a name may hold what looks like the rest of the line', () => {
  const line = 'Out of memory: Killed process 5 (x) total-vm:1kB) total-vm:400kB, anon-rss:8kB'
  const [report] = readReports(line)
  assert.deepEqual(
    report?.killed.map(({ comm, totalVmKb }) => [comm, totalVmKb]),
    [['x) total-vm:1kB', 400]],
  )
})

test('figures that no kernel prints are none', () => {
  assert.deepEqual(deathsIn(killed(Number.NaN, 'x'), `Killed process ${'9'.repeat(40)} (x)`), [])
  assert.equal(readReports(HEADER.replace('order=0', 'order=9999'))[0]?.order, null)
})

const COLUMNS = '[  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_adj name'
const row = (pid: number, rss: number, adj: number, comm: string): string =>
  `[${String(pid).padStart(7)}]     0 ${pid}  ${rss * 2}  ${rss}  28672  0  ${adj} ${comm}`

test('in a group, too, who was spared had the memory', () => {
  const lines = [
    HEADER,
    'memory: usage 524288kB, limit 524288kB, failcnt 9',
    COLUMNS,
    row(100, 120_000, -1000, 'java'),
    row(200, 500, 1000, 'sidecar'),
    'Memory cgroup out of memory: Killed process 200 (sidecar) total-vm:4000kB, anon-rss:2000kB',
  ]
  const { verdict } = explainReport(readReports(lines.join('\n'))[0] as never)
  assert.deepEqual(
    [verdict.verdict, verdict.isInnocent, verdict.culprit],
    ['innocent', true, 'java'],
  )
})

test('the first process is never the next to go', () => {
  const lines = [
    HEADER,
    '100000 pages RAM',
    COLUMNS,
    row(1, 50_000, 0, 'systemd'),
    row(7, 900, 0, 'nginx'),
    row(8, 100, 0, 'sh'),
    killed(7, 'nginx'),
  ]
  const { expectedVictim, nextVictims } = explainReport(readReports(lines.join('\n'))[0] as never)
  assert.equal(expectedVictim, null)
  assert.deepEqual(
    nextVictims.map(({ pid }) => pid),
    [8],
  )
})

test('a kill that a log tells twice, the second time in part, is one', () => {
  const kill = at(7, killed(3, 'java'))
  assert.deepEqual(deathsIn(at(6, HEADER), kill, 'as I wrote above:', kill), [[3]])
  // What was told in part before is told again, as a whole.
  assert.deepEqual(deathsIn(kill, at(6, HEADER), kill), [[3], [3]])
})

test('of a kill until 5.0 the choice may be all that is left', () => {
  const [report, ...others] = readReports(
    'kernel: Out of memory: Kill process 31 (java) score 987 or sacrifice child',
  )
  assert.deepEqual(
    [others.length, report?.selected, report?.killed],
    [0, { comm: 'java', pid: 31 }, []],
  )
  const words = sentence(explainReport(report as never))
  assert.match(words, /^the kernel chose java \(31\), and whom it killed the log does not show/)
})

test('a path that another line cut short is none', () => {
  const [report] = readReports(
    'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=c,mems_allowed=0,oom_memcg=/a,task_memcg=in',
  )
  assert.deepEqual([report?.oomMemcg, report?.taskMemcg], ['/a', null])
})

/** As a mail program fills the paragraph of somebody's log. */
function filled(text: string, width: number): string {
  const lines: string[] = ['']
  for (const word of text.split(' ')) {
    const last = lines.at(-1) as string
    if (last.length + word.length < width) lines[lines.length - 1] = `${last}${last && ' '}${word}`
    else lines.push(word)
  }
  return lines.map((line) => `> ${line}`).join('\n')
}

const OLD_LINES = [
  'as invoked oom-killer: gfp_mask=0xd0, order=2, oomkilladj=0',
  'Mem-Info:',
  'Active_anon:372 active_file:45 inactive_anon:154',
  ' inactive_file:152 unevictable:987 dirty:0 writeback:188 unstable:0',
  ' free:6348 slab:975833 mapped:805 pagetables:378 bounce:0',
  'Free swap  = 1959300kB',
  '1048576 pages RAM',
  '20255 pages reserved',
  'Out of memory: kill process 30502 (rpmbuild) score 3672 or a child',
  'Killed process 30512 (cc1)',
]

test('lines of syslog in one paragraph, broken anywhere, are lines again', () => {
  const log = OLD_LINES.map((text) => `Mar 16 21:40:40 s390 kernel: ${text}`).join(' ')
  for (let width = 40; width < 110; width++) {
    const reports = readReports(filled(log, width))
    const found = reports.map(({ trigger, selected, killed, counters, pagesRam }) => [
      trigger?.comm,
      selected?.pid,
      killed.map(({ pid, comm }) => [pid, comm]),
      counters.slab,
      pagesRam,
    ])
    assert.deepEqual(found, [['as', 30502, [[30512, 'cc1']], 975_833, 1_048_576]], `${width}`)
  }
})

test('kills without stamps in one paragraph are kills again', () => {
  const kill = (pid: number): string =>
    `Memory cgroup out of memory: kill process ${pid} (test 1) score 3 or a child Killed process ${pid} (test 1) vsz:3456kB, anon-rss:448kB, file-rss:1088kB`
  const text = `${kill(9139)} ${kill(9140)} Unable to handle kernel paging request`
  for (let width = 50; width < 110; width++) {
    const reports = readReports(filled(text, width))
    const found = reports.map((report) =>
      report.killed.map(({ pid, anonRssKb }) => [pid, anonRssKb]),
    )
    assert.deepEqual(found, [[[9139, 448]], [[9140, 448]]], `${width}`)
  }
})

test('a kill line that is broken at a hyphen has its figures', () => {
  const log =
    '[115879.769795] Killed process 1917 (php-cgi) vsz:467184kB, anon-\nrss:101196kB, file-rss:204kB'
  assert.equal(readReports(log)[0]?.killed[0]?.anonRssKb, 101_196)
})

test('what a terminal broke inside words has its figures and paths', () => {
  const path = `/kubepods/pod${'b7e'.repeat(20)}/${'a'.repeat(64)}`
  const lines = [
    'Node 0 DMA32 free:5832kB min:4000kB low:5000kB high:6000kB active_anon:288112kB present:1018080kB pages_scanned:0',
    'Node 0 DMA32: 852*4kB 1*8kB 0*16kB 1*32kB 1*64kB 0*128kB 1*256kB 1*512kB 1*1024kB 0*2048kB 0*4096kB = 5304kB',
    `Task in ${path} killed as a result of limit of ${path}`,
    'Memory cgroup stats for /a: cache:507172KB rss:448KB rss_huge:0KB shmem:28KB',
  ]
  let unknown = 0
  for (let width = 60; width < 130; width++) {
    const log = [HEADER, ...lines]
      .map((line, i) => at(i + 1, line))
      .flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'g')) ?? [])
    const [report] = readReports(log.join('\n'))
    const found = [
      report?.zones[0]?.kb.present,
      report?.buddies[0]?.blocks.length,
      report?.taskMemcg,
      report?.memcgStat.rss,
    ]
    const facts = [1_018_080, 11, path, 448 * 1024]
    found.forEach((each, i) => {
      if (each == null) unknown++
      else assert.equal(each, facts[i], `${width}`)
    })
  }
  // Where the phrase between the paths is broken, nothing is made of it.
  assert.ok(unknown < 30, `${unknown}`)
})

test('a table that a terminal broke inside words has its columns and names', () => {
  const lines = [
    '[   56.419648] Tasks state (memory values in pages):',
    '[   56.419649] [  pid  ]   uid  tgid total_vm      rss pgtables_bytes swapents oom_score_ad',
    'j name',
    '[   56.419651] [   1121]     0  1121      734      366    45056        0             0 stre',
    'ss',
    '[   56.419653] [   1122]     0  1122   179935   130854  1097728        0             0 stre',
    'ss',
    `[   56.419663] ${killed(1122, 'stress')}`,
  ]
  const [report] = readReports(lines.join('\n'))
  assert.deepEqual(
    report?.tasks.map(({ pid, comm, rss, oomScoreAdj }) => [pid, comm, rss, oomScoreAdj]),
    [
      [1121, 'stre ss', 366, 0],
      [1122, 'stress', 130_854, 0],
    ],
  )
})
