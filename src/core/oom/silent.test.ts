import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Killer } from './silent.ts'
import { mayMatter, recogniseKill, recogniseLoss, whoSays } from './silent.ts'

/** Messages as the programs' own format strings make them. */
const KILLS: readonly (readonly [text: string, Killer, of: string | number])[] = [
  [
    'Killed /user.slice/user-1000.slice/user@1000.service/app.slice/x.scope due to memory pressure for /user.slice/user-1000.slice/user@1000.service being 64.85% > 50.00% for > 20s with reclaim activity',
    'systemd-oomd',
    '/user.slice/user-1000.slice/user@1000.service/app.slice/x.scope',
  ],
  [
    'Killed /system.slice/a.service due to memory used (8200) / total (8300) and swap used (970) / total (1000) being more than 90.00%',
    'systemd-oomd',
    '/system.slice/a.service',
  ],
  ['a.service: systemd-oomd killed 3 process(es) in this unit.', 'systemd-oomd', 'a.service'],
  ['a.service: A process of this unit has been killed by the OOM killer.', 'kernel', 'a.service'],
  ['a.service: The kernel OOM killer killed some processes in this unit.', 'kernel', 'a.service'],
  ["a.service: Failed with result 'oom-kill'.", 'kernel', 'a.service'],
  ["a.service: State 'stop-sigterm' timed out. Killing.", 'systemd', 'a.service'],
  ['a.service: Killing process 77 (web: master) with signal SIGKILL.', 'systemd', 77],
  [
    'sending SIGTERM to process 1234 uid 1000 "chrome": oom_score 1072, VmRSS 310 MiB, cmdline "chrome"',
    'earlyoom',
    1234,
  ],
  ['sending SIGKILL to process 5 uid 0 "a b": badness 900, VmRSS 10 MiB', 'earlyoom', 5],
  [
    'oomd kill: 12.50 8.10 2.31 system.slice/a.service 812 ruleset:[x]',
    'oomd',
    'system.slice/a.service',
  ],
  [
    'The node was low on resource: memory. Threshold quantity: 100Mi, available: 60Mi. Container web was using 900Mi, request is 0, has larger consumption of memory.',
    'kubelet',
    'web',
  ],
  ["Kill 'com.example' (4321), uid 10123, oom_score_adj 900 to free 12kB rss", 'lmkd', 4321],
  ["lowmemorykiller: Killing 'com.example' (4321), adj 900,", 'lmkd', 4321],
  [
    'slurmstepd: error: Detected 1 oom_kill event in StepId=7.0. Some of the step tasks',
    'kernel',
    'StepId=7.0',
  ],
  ['[PM2][WORKER] Process 3 restarted because it exceeds --max-memory-restart value', 'pm2', '3'],
]
for (const [text, killer, of] of KILLS) {
  test(`${killer}: ${text.slice(0, 60)}`, () => {
    const found = recogniseKill(text)
    assert.equal(found?.killer, killer)
    assert.equal(typeof of === 'number' ? found?.pid : found?.group, of)
  })
}

const NEWER: typeof KILLS = [
  [
    'Marked /system.slice/a.service for killing due to memory pressure for /system.slice being 80.00% > 60.00% for > 30s with reclaim activity',
    'systemd-oomd',
    '/system.slice/a.service',
  ],
  ['"Eviction manager: pod is evicted successfully" pod="default/web"', 'kubelet', 'default/web'],
]
for (const [text, killer, of] of NEWER) {
  test(`${killer}, newer: ${text.slice(0, 60)}`, () => {
    const found = recogniseKill(text)
    assert.deepEqual([found?.killer, found?.group], [killer, of])
  })
}

const OWN: readonly string[] = [
  'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  'Exception in thread "main" java.lang.OutOfMemoryError: Java heap space',
  'fatal error: runtime: out of memory',
  "terminate called after throwing an instance of 'std::bad_alloc'",
]
for (const text of OWN) {
  test(`died of it: ${text}`, () => assert.equal(recogniseKill(text)?.killer, 'itself'))
}

test('the ordinary is nothing of that', () => {
  for (const text of ['a.service: Succeeded.', 'Killed by user', 'session 5 was killed']) {
    assert.equal(recogniseKill(text), undefined)
    assert.equal(recogniseLoss(text), undefined)
  }
})

const LOST = [
  ['Suppressed 412 messages from a.service', 'journal'],
  ['/dev/kmsg buffer overrun, some messages lost.', 'kernel'],
  ['Missed 17 kernel messages', 'kernel'],
  ['** 42 printk messages dropped **', 'kernel'],
  ['oom_kill_process: 132 callbacks suppressed', 'kernel'],
  ['imuxsock lost 419 messages from pid 4811 due to rate-limiting', 'syslog'],
  [
    'imjournal: 3210 messages lost due to rate-limiting (20000 allowed within 600 seconds)',
    'syslog',
  ],
] as const
for (const [text, lost] of LOST) {
  test(`lost: ${text}`, () => assert.equal(recogniseLoss(text)?.lost, lost))
}

const LINES = [
  ['Jun 20 12:47:02 host earlyoom[812]: sending', 'earlyoom', 812, 'sending'],
  ['2026-05-01T10:00:00.123456+02:00 host systemd[1]: a: b', 'systemd', 1, 'a: b'],
  ['[  123.456789] host kernel: oomd kill: x', 'kernel', null, 'oomd kill: x'],
  ['Jun 20 12:47:02 host kernel: [   12.500000] x', 'kernel', null, 'x'],
] as const
for (const [line, comm, pid, text] of LINES) {
  test(`who says: ${line}`, () => assert.deepEqual(whoSays(line), { by: { comm, pid }, text }))
}

test('whatever is recognised is worth reading', () => {
  for (const [text] of [...KILLS, ...NEWER, ...LOST]) assert.ok(mayMatter(text), text)
  for (const text of OWN) assert.ok(mayMatter(text), text)
  assert.ok(!mayMatter('May 1 10:00:00 host sshd[9]: Accepted publickey for root'))
})
