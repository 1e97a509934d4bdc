/** @module What a run was like: bytes of reports on the line, and how long others stood still. Pure. */
import type { ConsoleLine } from './console-text.ts'
import type { GuestEvent } from './events.ts'

const REPORT_BEGINS = / invoked oom-killer: /
/** The last lines that a report prints while it holds oom_lock (oom_kill.c, __oom_kill_process). */
const REPORT_ENDS = /Killed process \d+ \(|Out of memory and no killable processes/
/** Printed by whoever notices that a processor does nothing but print. */
const STALL_NOTICE = /rcu: |rcu_\w+ |NMI backtrace|soft lockup|hung_task|blocked for more than/

export interface WireReport {
  readonly lines: number
  readonly bytes: number
  /** Lines within that are not the report's own: notices of RCU stalls and the traces that they draw. */
  readonly foreignLines: number
  readonly foreignBytes: number
  /** From the first line's arrival to the last one's. */
  readonly fromMs: number
  readonly toMs: number
}

/** The reports that stood on a console, whole or to where it broke off. */
export function findReports(lines: readonly ConsoleLine[]): readonly WireReport[] {
  const reports: WireReport[] = []
  let own: ConsoleLine[] = []
  let foreign: ConsoleLine[] = []
  let isOpen = false
  const bytesOf = (some: readonly ConsoleLine[]): number =>
    some.reduce((sum, line) => sum + line.wireBytes, 0)
  const close = (): void => {
    const all = [...own, ...foreign].map((line) => line.atMs)
    if (isOpen) {
      reports.push({
        lines: own.length,
        bytes: bytesOf(own),
        foreignLines: foreign.length,
        foreignBytes: bytesOf(foreign),
        fromMs: Math.min(...all),
        toMs: Math.max(...all),
      })
    }
    own = []
    foreign = []
    isOpen = false
  }
  for (const line of lines) {
    if (REPORT_BEGINS.test(line.text)) {
      close()
      isOpen = true
    }
    if (!isOpen) continue
    if (STALL_NOTICE.test(line.text)) foreign.push(line)
    else own.push(line)
    if (REPORT_ENDS.test(line.text)) close()
  }
  close()
  return reports
}

/** The longest stall that a process of that name told, in ms; 0 where none did. */
export function longestStallMs(events: readonly GuestEvent[], name: string): number {
  const stalls = events.filter((event) => event.event === 'stall' && event.name === name)
  return Math.max(0, ...stalls.map((event) => Number(event.lastedMs)))
}
