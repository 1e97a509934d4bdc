/** @module All checks over one host's facts, worst first, with what could not be seen. */
import type { Facts } from './facts.ts'
import type { Check, Finding } from './finding.ts'
import { adviceOnly, SEVERITIES } from './finding.ts'
import { guardedPaths } from './guarding.ts'
import { withOverrides } from './sysctl-files.ts'

/** What could not be seen, and what therefore is not judged. */
export interface Unseen {
  readonly what: string
  readonly why: string
}

export interface Examination {
  readonly findings: readonly Finding[]
  readonly unseen: readonly Unseen[]
}

/** Files without which the first question has no answer. */
const NEEDED = [
  '/proc/consoles',
  '/proc/cmdline',
  '/proc/sys/kernel/printk',
  '/proc/sys/kernel/osrelease',
  '/proc/sys/vm/oom_dump_tasks',
] as const

function unseenOf(facts: Facts): readonly Unseen[] {
  const denied = facts.unread.map(({ path, why }) => ({ what: path, why }))
  const known = new Set(facts.unread.map(({ path }) => path))
  const absent = NEEDED.filter((path) => !facts.files.has(path) && !known.has(path)).map(
    (path) => ({
      what: path,
      why: 'it is not there',
    }),
  )
  return [
    ...absent,
    ...(facts.processes === null ? [{ what: 'processes', why: '/proc could not be listed' }] : []),
    ...(facts.processes !== null && !facts.seesAll
      ? [
          {
            what: 'other processes',
            why: 'a container or hidepid hides them: the report is longer',
          },
        ]
      : []),
    ...(facts.nodes.length === 0
      ? [{ what: 'zones', why: '/proc/zoneinfo could not be read' }]
      : []),
    ...(facts.logBuffer === null
      ? [
          {
            what: 'the size of the log buffer',
            why: 'neither the kernel nor log_buf_len= nor a kernel configuration tells',
          },
        ]
      : []),
    ...denied,
  ]
}

type Found = Omit<Finding, 'id'>

/** Without what a console guard has set for the moment: written now, it would be the owner's wish to the guard. */
function withGuard({ guard }: Facts, found: Found): Found {
  const held = guardedPaths(guard)
  if (guard === null || !found.fix.now.some(({ path }) => held.includes(path))) return found
  const advice = guard.isAlive
    ? 'The console guard has the consoles for the moment: try again when memory is not short.'
    : 'Run plimsoll doctor --undo console-guard first.'
  return { ...found, fix: adviceOnly(advice), givesUp: 'nothing', undo: 'nothing is changed' }
}

export function examine(facts: Facts, checks: readonly Check[]): Examination {
  const findings = checks.flatMap((check) => {
    const found = check.find(facts)
    if (found === null) return []
    const whole = { ...found, fix: withOverrides(facts, found.fix) }
    return [{ id: check.id, ...withGuard(facts, whole) }]
  })
  const first = new Set(checks.filter(({ isFirst }) => isFirst).map(({ id }) => id))
  const rank = ({ id, severity }: Finding): number =>
    first.has(id) ? -1 : SEVERITIES.indexOf(severity)
  return { findings: findings.toSorted((a, b) => rank(a) - rank(b)), unseen: unseenOf(facts) }
}
