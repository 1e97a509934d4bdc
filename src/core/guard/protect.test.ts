import assert from 'node:assert/strict'
import { test } from 'node:test'
import { candidateFixture } from './host.fixture.ts'
import { protectionOf } from './protect.ts'
import type { Candidate } from './records.ts'
import { NO_RULES } from './rules.ts'

const SYSTEM = { uid: 0, parentPid: 1 }

const CASES: readonly (readonly [Partial<Candidate>, string | null])[] = [
  [{ pid: 1 }, 'it is the first process'],
  [{ pid: 9 }, 'it is the guard itself, or above it'],
  [{ parentPid: 9, name: 'node web.cjs' }, "it is the agent's web process"],
  [{ parentPid: 9, name: 'node shop.cjs' }, null],
  [{ parentPid: 80, name: 'node web.cjs' }, null],
  [{ oomScoreAdj: -1000 }, 'its owner has set oom_score_adj to -1000'],
  [{ ...SYSTEM, exe: '/usr/lib/systemd/systemd-journald' }, "it is the init system's core"],
  [{ ...SYSTEM, uid: 101, exe: '/usr/bin/dbus-daemon' }, "it is the init system's core"],
  [{ uid: 1000, exe: '/usr/lib/systemd/systemd' }, "it is the init system's core"],
  [{ ...SYSTEM, exe: '/usr/lib/systemd/systemd-logind' }, 'it is a login manager'],
  [{ ...SYSTEM, exe: '/sbin/agetty' }, 'it is a login manager'],
  [{ ...SYSTEM, exe: '/usr/sbin/sshd' }, 'it is what logins over SSH come through'],
  [
    { uid: 0, parentPid: 80, unit: 'ssh.service', exe: '/usr/sbin/sshd' },
    'it is what logins over SSH come through',
  ],
  // What systemd-udevd is a link to.
  [{ ...SYSTEM, exe: '/usr/bin/udevadm' }, "it is the init system's core"],
  [
    { ...SYSTEM, exe: '/nix/store/0c1-systemd-258/lib/systemd/systemd-journald' },
    "it is the init system's core",
  ],
  [{ ...SYSTEM, exe: '/gnu/store/0c1-shadow/bin/login' }, 'it is a login manager'],
  // Anybody may have a package put there.
  [{ uid: 1000, exe: '/nix/store/0c1-leaker/lib/systemd/systemd' }, null],
  // Below a supervisor, where there are no units.
  [
    { uid: 0, parentPid: 80, unit: null, exe: '/usr/sbin/sshd' },
    'it is what logins over SSH come through',
  ],
  // A session, which may leak.
  [{ uid: 0, parentPid: 80, unit: 'session-3.scope', exe: '/usr/sbin/sshd' }, null],
  // Where nobody may look at the executable, the name of a system's process is all there is ...
  [{ ...SYSTEM, exe: null, name: 'agetty' }, 'it is a login manager'],
  // ... of which the kernel keeps 15 characters ...
  [{ ...SYSTEM, exe: null, name: 'systemd-journal' }, "it is the init system's core"],
  [{ ...SYSTEM, uid: 101, exe: null, name: 'dbus-broker-lau' }, "it is the init system's core"],
  // ... and a person's may call itself anything.
  [{ uid: 1000, exe: null, name: 'agetty' }, null],
  [{ uid: 1000, exe: '/home/one/sshd', parentPid: 1 }, null],
  [{ uid: 0, exe: '/opt/app/login' }, null],
  [{ uid: 33, exe: '/usr/sbin/nginx' }, null],
]

for (const [changed, expected] of CASES) {
  test(`${JSON.stringify(changed)}: ${expected ?? 'may be ended'}`, () => {
    assert.equal(protectionOf(candidateFixture('any', changed), new Set([9]), NO_RULES), expected)
  })
}
