/** @module An OOM that the kernel's log tells as an event, with what it comes to. */
import type { ReportDocument } from '../../core/oom/document.ts'
import { reportDocument } from '../../core/oom/document.ts'
import type { Explanation } from '../../core/oom/explain.ts'
import { sentence } from '../../core/oom/words.ts'
import type { Event } from '../../core/wire/records.ts'

/** Of a group that is killed as a whole; the lines of the log have all of them. */
const MAX_KILLED = 10

/** What an event of kind `oom` holds: the report explained, and how many were killed. */
export interface OomEventData {
  readonly report: ReportDocument
  readonly kills: number
}

/**
 * Its number is the time of its first line, in microseconds of the same clock by which other events are numbered:
 * who reads the ring again makes the same event again. (The kernel's log does not count suspended time, as dmesg -T
 * says; on a host that slept, `wallMs` is late by that.)
 */
export function oomEvent(
  explanation: Explanation,
  identity: { readonly hostId: string; readonly bootId: string },
  now: { readonly bootMs: number; readonly wallMs: number },
): Event {
  const { hostId, bootId } = identity
  const { uptimeSec, killed } = explanation.report
  const isTimed = uptimeSec !== null && uptimeSec * 1_000 <= now.bootMs
  const bootMs = isTimed ? uptimeSec * 1_000 : now.bootMs
  const report = reportDocument(explanation)
  const data: OomEventData = {
    report: { ...report, killed: report.killed.slice(0, MAX_KILLED) },
    kills: killed.length,
  }
  return {
    id: `${bootId.slice(0, 8)}-${Math.round(bootMs * 1_000)}`,
    hostId,
    bootId,
    bootMs,
    wallMs: now.wallMs - (now.bootMs - bootMs),
    kind: 'oom',
    subject: null,
    reason: sentence(explanation),
    data: { ...data },
  }
}
