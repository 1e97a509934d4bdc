/** @module Who is never touched: without them nobody could log in, or the machine would be gone. */
import type { Candidate } from './records.ts'
import type { Rules } from './rules.ts'
import { findRule } from './rules.ts'

/** Never chosen by the kernel (OOM_SCORE_ADJ_MIN, oom.h): its owner's word. */
export const NEVER_ADJ = -1000

/** The guard, and all above it: who ends them ends it. */
export type OwnPids = ReadonlySet<number>

interface Kind {
  readonly what: string
  readonly names: readonly string[]
}

/** By the name of the executable, since a process may call itself anything. */
const KINDS: readonly Kind[] = [
  {
    what: "the init system's core",
    names: [
      'systemd',
      'systemd-journald',
      'systemd-udevd',
      // What systemd-udevd is a link to since systemd 243.
      'udevadm',
      'udevd',
      'dbus-daemon',
      'dbus-broker',
      'dbus-broker-launch',
      'openrc-init',
      's6-svscan',
      'runit',
      'runsvdir',
    ],
  },
  {
    what: 'a login manager',
    names: [
      'systemd-logind',
      'elogind-daemon',
      'login',
      'agetty',
      'getty',
      'gdm',
      'gdm3',
      'sddm',
      'lightdm',
      'greetd',
    ],
  },
]
const SSHD_UNITS = ['ssh.service', 'sshd.service']
/** Where a host's own programs are; what a user puts elsewhere is not taken for them. */
const SYSTEM_PATHS = /^\/(?:usr\/)?(?:local\/)?(?:s?bin|lib|libexec|lib64)\//
/** Of NixOS and Guix. Any person may have a package put there, so that it tells of system users' programs alone. */
const STORE_PATHS = /^\/(?:nix|gnu)\/store\/[^/]+\/(?:s?bin|lib|libexec)\//
const WEB_NAME = /^node (?:.*\/)?web\.cjs$/
/** The kernel cuts a name to these (TASK_COMM_LEN, sched.h). */
const COMM_CHARS = 15
/** Users below are the system's own (login.defs(5), SYS_UID_MAX). */
const FIRST_PERSON_UID = 1000

/** Name of a program of the host's own; `null`: it is none, or nobody can tell. */
function systemName({ exe, name, uid }: Candidate): string | null {
  if (uid !== null && uid >= FIRST_PERSON_UID && uid !== 65_534) {
    // A person's own service manager: without it the session is gone.
    return exe !== null && SYSTEM_PATHS.test(exe) && exe.endsWith('/systemd') ? 'systemd' : null
  }
  if (exe === null) {
    const known = KINDS.flatMap(({ names }) => names)
    return known.find((one) => one.slice(0, COMM_CHARS) === name) ?? name
  }
  const isOwn = SYSTEM_PATHS.test(exe) || STORE_PATHS.test(exe)
  return isOwn ? exe.slice(exe.lastIndexOf('/') + 1) : null
}

/**
 * The one that listens: sessions have units of their own, and another parent. Without units a supervisor may be its
 * parent (runit, s6), and nothing tells it from a session: then both stay.
 */
function isSshListener(name: string, { unit, parentPid }: Candidate): boolean {
  return name === 'sshd' && (parentPid === 1 || unit === null || SSHD_UNITS.includes(unit))
}

/** Below the agent, which is above its guard. What it is called is the second half of the proof. */
function isAgentsWeb({ name, parentPid }: Candidate, own: OwnPids): boolean {
  return parentPid !== null && parentPid > 1 && own.has(parentPid) && WEB_NAME.test(name)
}

/** @returns why `candidate` is never touched, as a clause; `null`: it may be */
export function protectionOf(candidate: Candidate, own: OwnPids, rules: Rules): string | null {
  const { pid, oomScoreAdj } = candidate
  if (pid <= 1) return 'it is the first process'
  if (own.has(pid)) return 'it is the guard itself, or above it'
  if (isAgentsWeb(candidate, own)) return "it is the agent's web process"
  if (oomScoreAdj === NEVER_ADJ) return 'its owner has set oom_score_adj to -1000'
  const name = systemName(candidate)
  if (name !== null) {
    const kind = KINDS.find(({ names }) => names.includes(name))
    if (kind !== undefined) return `it is ${kind.what}`
    if (isSshListener(name, candidate)) return 'it is what logins over SSH come through'
  }
  const rule = findRule(rules.protect, candidate)
  return rule === undefined ? null : `its owner protects ${rule.text}`
}
