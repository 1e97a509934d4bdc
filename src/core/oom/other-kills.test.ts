import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOtherKills, describeOtherKill } from './other-kills.ts'
import { createLogReader } from './read.ts'

/** Who killed whom in a log, and at which line. */
function killsIn(...lines: readonly string[]): readonly string[] {
  const others = createOtherKills()
  let reports = 0
  const reader = createLogReader(() => reports++, others.say)
  lines.forEach((line, i) => {
    reader.push(line, i + 1)
  })
  reader.flush()
  return others
    .all(reports > 0)
    .map(({ killer, comm, pid, group, line }) => [killer, comm ?? group, pid, line].join(' '))
}

const of = (tag: string, text: string): string => `Nov 25 10:00:01 web1 ${tag}: ${text}`
const SCOPE = '/user.slice/user-1000.slice/app.slice/app-x.scope'
const OOMD = `Killed ${SCOPE} due to memory pressure for /user.slice being 72.98% > 50.00% for > 20s with reclaim activity`
const KERNEL =
  'Memory cgroup out of memory: Killed process 812 (web) total-vm:9kB, anon-rss:8kB, file-rss:0kB'

test('programs that kill for memory are named, once each', () => {
  assert.deepEqual(
    killsIn(
      of('systemd-oomd[612]', OOMD),
      of('systemd[1400]', 'app-x.scope: systemd-oomd killed 13 process(es) in this unit.'),
      of('systemd[1400]', "app-x.scope: Failed with result 'oom-kill'."),
      of('earlyoom[812]', 'sending SIGTERM to process 31 uid 0 "java": badness 900, VmRSS 10 MiB'),
      "[  192.123456] lowmemorykiller: Killing 'd.games.ui' (2613), adj 1000,",
    ),
    [`systemd-oomd ${SCOPE}  1`, 'earlyoom java 31 4', 'lmkd d.games.ui 2613 5'],
  )
})

test('nohang tells on one line whom it chose, on another what it did', () => {
  const say = (text: string): string => of('nohang[77]', text)
  const found = killsIn(
    say('Process with highest badness (found in 12ms):'),
    say('  PID: 4711, name: tail f, badness: 900'),
    say('Implementing a corrective action:'),
    say('  Sending SIGTERM to the victim'),
    say('  PID: 4712, name: head, badness: 900'),
    say('Thresholds is not exceeded now'),
  )
  assert.deepEqual(found, ['nohang tail f 4711 4'])
})

test('what systemd says of the kernel counts where the kernel says nothing', () => {
  const unit = of(
    'systemd[1]',
    'a.service: A process of this unit has been killed by the OOM killer.',
  )
  assert.deepEqual(killsIn(unit), ['kernel a.service  1'])
  assert.deepEqual(killsIn(of('kernel', KERNEL), unit), [])
})

test('the ordinary, and who dies by itself, is no kill by others', () => {
  const lines = [
    of('sshd[9]', 'Connection closed by 10.0.0.1'),
    of('app[9]', 'java.lang.OutOfMemoryError: Java heap space'),
    of('systemd[1]', "a.service: State 'stop-sigterm' timed out. Killing."),
  ]
  assert.deepEqual(killsIn(...lines), [])
})

test('a kill is told in words', () => {
  const message = { pid: null, comm: null, group: '/a.scope', why: 'it was full', line: 3 }
  assert.equal(
    describeOtherKill({ ...message, killer: 'systemd-oomd' }),
    'systemd-oomd killed /a.scope: it was full',
  )
  assert.equal(
    describeOtherKill({ ...message, killer: 'nohang', group: null }),
    'nohang killed a process: it was full',
  )
})
