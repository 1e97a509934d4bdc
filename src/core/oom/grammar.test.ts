import assert from 'node:assert/strict'
import { test } from 'node:test'
import { classify } from './grammar.ts'

const killed = (over: object) => ({
  kind: 'killed',
  isMemcg: false,
  isAllocating: false,
  killed: {
    pid: 42,
    comm: 'leaker',
    totalVmKb: null,
    anonRssKb: null,
    fileRssKb: null,
    shmemRssKb: null,
    pageTablesKb: null,
    uid: null,
    oomScoreAdj: null,
    ...over,
  },
})

const header = (over: object) => ({
  kind: 'header',
  comm: 'leaker',
  gfpMask: null,
  gfpText: null,
  order: null,
  oomScoreAdj: null,
  ...over,
})

/** Lines as each kernel prints them, with what they say. */
const CASES: readonly (readonly [from: string, line: string, says: unknown])[] = [
  ['2.6.9', 'oom-killer: gfp_mask=0xd0', header({ comm: null, gfpMask: 0xd0 })],
  [
    '2.6.18',
    'leaker invoked oom-killer: gfp_mask=0x280d2, order=0, oomkilladj=0',
    header({ gfpMask: 0x280d2, order: 0 }),
  ],
  [
    '2.6.36',
    'leaker invoked oom-killer: gfp_mask=0x280da, order=0, oom_adj=0, oom_score_adj=-17',
    header({ gfpMask: 0x280da, order: 0, oomScoreAdj: -17 }),
  ],
  [
    '4.11',
    'leaker invoked oom-killer: gfp_mask=0x14200ca(GFP_HIGHUSER_MOVABLE), nodemask=(null),  order=1, oom_score_adj=0',
    header({ gfpMask: 0x14200ca, gfpText: 'GFP_HIGHUSER_MOVABLE', order: 1, oomScoreAdj: 0 }),
  ],
  [
    '6.1',
    'VM Monitoring T invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=-1, oom_score_adj=0',
    header({
      comm: 'VM Monitoring T',
      gfpMask: 0xcc0,
      gfpText: 'GFP_KERNEL',
      order: -1,
      oomScoreAdj: 0,
    }),
  ],
  ['source', '+\tpr_warn("%s invoked oom-killer: gfp_mask=%#x(%pGg), order=%d', undefined],
  ['prose', 'last night the leaking process invoked oom-killer and died', undefined],
  [
    '3.2',
    'Pid: 42, comm: leaker Not tainted 2.6.32-642.11.1.el6.x86_64 #1',
    { kind: 'cpu', pid: 42, comm: 'leaker', release: '2.6.32-642.11.1.el6.x86_64' },
  ],
  [
    '4.18',
    'CPU: 0 PID: 879 Comm: in:imjournal Kdump: loaded Not tainted 4.18.0-553.el8 #1',
    { kind: 'cpu', pid: 879, comm: 'in:imjournal', release: '4.18.0-553.el8' },
  ],
  [
    '6.12',
    'CPU: 0 UID: 0 PID: 550 Comm: cron Tainted: G         C         6.12.62+rpt-rpi-v8 #1  Debian',
    { kind: 'cpu', pid: 550, comm: 'cron', release: '6.12.62+rpt-rpi-v8' },
  ],
  [
    'trace',
    ' out_of_memory+0x1fd/0x4c0',
    { kind: 'trace', symbol: 'out_of_memory', isCertain: true },
  ],
  [
    'trace of 3.10',
    ' [<ffffffff8116d4e4>] ? oom_kill_process+0x24e/0x3b0',
    { kind: 'trace', symbol: 'oom_kill_process', isCertain: false },
  ],
  [
    'trace of ppc',
    '[c00000001d0ab380] [c00000000063e748] mem_cgroup_out_of_memory+0x148/0x190',
    { kind: 'trace', symbol: 'mem_cgroup_out_of_memory', isCertain: true },
  ],
  [
    'trace with sources',
    ' try_charge_memcg (mm/memcontrol.c:1677 mm/memcontrol.c:2404)',
    { kind: 'trace', symbol: 'try_charge_memcg', isCertain: true },
  ],
  ['2.6', 'Mem-info:', { kind: 'mem-info' }],
  [
    '6.1',
    ' slab_reclaimable:2284 slab_unreclaimable:1836',
    { kind: 'counters', figures: { slab_reclaimable: 2284, slab_unreclaimable: 1836 } },
  ],
  [
    'a machine without nodes',
    'Normal free:106384kB min:40864kB managed:6520292kB',
    { kind: 'zone', node: 0, name: 'Normal', kb: { free: 106384, min: 40864, managed: 6520292 } },
  ],
  [
    'buddies',
    'Node 1 DMA32: 2*4kB (UM) 0*8kB 1*16kB (H) = 24kB',
    {
      kind: 'buddy',
      buddy: {
        node: 1,
        name: 'DMA32',
        blocks: [
          { count: 2, kb: 4, types: 'UM' },
          { count: 0, kb: 8, types: '' },
          { count: 1, kb: 16, types: 'H' },
        ],
      },
    },
  ],
  [
    'huge pages',
    'Node 1 hugepages_total=12 hugepages_free=3 hugepages_surp=0 hugepages_size=2048kB',
    { kind: 'hugepages', node: 1, total: 12, free: 3, sizeKb: 2048 },
  ],
  ['pages', '65406 pages RAM', { kind: 'total', name: 'pages RAM', value: 65406 }],
  ['2.6', '65406 pages of RAM', { kind: 'total', name: 'pages RAM', value: 65406 }],
  ['swap', 'Free swap  = 84kB', { kind: 'total', name: 'free swap', value: 84 }],
  [
    'v1',
    'memory+swap: usage 40940kB, limit 40960kB, failcnt 6',
    { kind: 'memcg-usage', name: 'memory+swap', usageKb: 40940, limitKb: 40960 },
  ],
  [
    'v1 stats',
    'Memory cgroup stats for /leaker: cache:1KB rss:2KB rss_huge:0KB',
    { kind: 'memcg-stats', path: '/leaker', figures: { cache: 1024, rss: 2048, rss_huge: 0 } },
  ],
  ['v2 stats', 'Memory cgroup stats for /job:', { kind: 'memcg-stats', path: '/job', figures: {} }],
  [
    'until 4.20',
    'Task in /a/b killed as a result of limit of /a',
    { kind: 'task-in', taskMemcg: '/a/b', oomMemcg: '/a' },
  ],
  [
    '5.0',
    'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0-1,3,oom_memcg=/a,task_memcg=/a/b,task=tmux: server,pid=42,uid=0',
    {
      kind: 'summary',
      fields: {
        constraint: 'CONSTRAINT_MEMCG',
        nodemask: '(null)',
        cpuset: '/',
        mems_allowed: '0-1,3',
        oom_memcg: '/a',
        task_memcg: '/a/b',
        task: 'tmux: server',
        pid: '42',
        uid: '0',
      },
    },
  ],
  [
    'selected',
    'Out of memory: Kill process 42 (leaker) score 1046 or sacrifice child',
    { kind: 'selected', pid: 42, comm: 'leaker', isMemcg: false },
  ],
  ['2.6.9', 'Out of Memory: Killed process 42 (leaker).', killed({})],
  ['el5', 'Out of memory: Killed process 42, UID 48, (leaker).', killed({ uid: 48 })],
  [
    'el6',
    'Killed process 42, UID 27, (leaker) total-vm:90kB, anon-rss:8kB, file-rss:4kB',
    killed({ uid: 27, totalVmKb: 90, anonRssKb: 8, fileRssKb: 4 }),
  ],
  [
    '5.4',
    'Memory cgroup out of memory: Killed process 42 (leaker) total-vm:90kB, anon-rss:8kB, file-rss:4kB, shmem-rss:2kB, UID:1000 pgtables:16kB oom_score_adj:-5',
    {
      ...killed({
        uid: 1000,
        totalVmKb: 90,
        anonRssKb: 8,
        fileRssKb: 4,
        shmemRssKb: 2,
        pageTablesKb: 16,
        oomScoreAdj: -5,
      }),
      isMemcg: true,
    },
  ],
  [
    'the one who asked',
    'Out of memory (oom_kill_allocating_task): Killed process 42 (leaker) total-vm:90kB',
    { ...killed({ totalVmKb: 90 }), isAllocating: true },
  ],
  [
    'a program of that name',
    'systemd[1]: x.service: Killed process 42 (leaker) with signal',
    undefined,
  ],
  [
    'the reaper',
    'oom_reaper: reaped process 42 (leaker), now anon-rss:0kB, file-rss:0kB, shmem-rss:0kB',
    { kind: 'reaped', pid: 42 },
  ],
  [
    'a whole group',
    'Tasks in /job are going to be killed due to memory.oom.group set',
    { kind: 'group-kill' },
  ],
  ['nobody left', 'Out of memory and no killable processes...', { kind: 'no-killable' }],
  [
    'panic',
    'Kernel panic - not syncing: Out of memory: compulsory panic_on_oom is enabled',
    { kind: 'panic', text: 'Out of memory: compulsory panic_on_oom is enabled' },
  ],
  [
    'no OOM',
    'ls: page allocation failure: order:4, mode:0xcc0(GFP_KERNEL)',
    { kind: 'allocation-failure' },
  ],
  [
    'a row',
    '[   1234]     0  1234     1000      200    28672        5          -900 (sd-pam)',
    {
      kind: 'task-row',
      pid: 1234,
      words: ['0', '1234', '1000', '200', '28672', '5', '-900', '(sd-pam)'],
    },
  ],
  [
    'slab',
    'kmalloc-2k             3207098KB    3375622KB',
    { kind: 'pair', name: 'kmalloc-2k', values: [3207098, 3375622] },
  ],
  ['memory.stat', 'anon 66965504', { kind: 'pair', name: 'anon', values: [66965504] }],
  ['something else', 'usb 1-1: new high-speed USB device', undefined],
  ['nothing', '   ', undefined],
]

for (const [from, line, says] of CASES) {
  test(`${from}: ${line.trim().slice(0, 50)}`, () => assert.deepEqual(classify(line), says))
}
