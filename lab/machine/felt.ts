/** @module What a run was like: bytes of reports on the line, and how long others stood still. Pure. */
import type { ConsoleLine } from './console-text.ts'
import type { GuestEvent } from './events.ts'

const REPORT_BEGINS = / invoked oom-killer: /
/** The last lines that a report prints while it holds oom_lock (oom_kill.c, __oom_kill_process). */
const REPORT_ENDS = /Killed process \d+ \(|Out of memory and no killable processes/
/** The report's own stack and registers come before this line (mm/oom_kill.c, dump_header); no more after it. */
const TABLES_BEGIN = /^Mem-Info:/
/**
 * Printed by whoever notices that a processor does nothing but print (tree_stall.h, watchdog.c, hung_task.c), or that
 * its clock is late for it (clocksource.c, tsc.c, sched/clock.c).
 */
const STALL_NOTICE =
  /^(?:clocksource: |tsc: |TSC found unstable |sched_clock: |rcu: |rcu_\w+ kthread |Sending NMI |NMI backtrace |watchdog: |INFO: |\t|\(?t=\d+ jiffies)/
/** Lines of a stack with its registers (dumpstack.c, show_stack_log_lvl; process_64.c, __show_regs). */
const TRACE =
  /^(?:CPU: \d|Hardware name: |Workqueue: |Modules linked in: |Call Trace:|task:|RIP: |RSP: |Code: |R[A-Z0-9]{2}: |FS: |CS: |CR\d: |DR\d: |PKRU: |Stopper: | <\/?[A-Z#]+>| (?:\? )?[\w.]+\+0x)/
/** Frames of a trace that the unwinder is not sure of: what calls before left on the stack (dumpstack.c). */
const UNSURE = /^ *\? [\w.]+\+0x/
const STAMP = /^\[ *\d+\.\d+\](?:\[ *[TC]\d+\])? /

export interface WireReport {
  readonly lines: number
  readonly bytes: number
  /** Of the lines, frames of its trace that the unwinder is not sure of: their number is a matter of luck. */
  readonly unsureLines: number
  /** Lines within that are not the report's own: notices of stalls and the traces that they draw. */
  readonly foreignLines: number
  readonly foreignBytes: number
  /** From when the first line had arrived to when the last one had. */
  readonly fromMs: number
  readonly toMs: number
}

/** The reports that stood on a console, whole or to where it broke off. */
export function findReports(lines: readonly ConsoleLine[]): readonly WireReport[] {
  const reports: WireReport[] = []
  let own: ConsoleLine[] = []
  let foreign: ConsoleLine[] = []
  let isOpen = false
  let isInTables = false
  const bytesOf = (some: readonly ConsoleLine[]): number =>
    some.reduce((sum, line) => sum + line.wireBytes, 0)
  const close = (): void => {
    const all = [...own, ...foreign].map((line) => line.atMs)
    if (isOpen) {
      reports.push({
        lines: own.length,
        bytes: bytesOf(own),
        unsureLines: own.filter(({ text }) => UNSURE.test(text.replace(STAMP, ''))).length,
        foreignLines: foreign.length,
        foreignBytes: bytesOf(foreign),
        fromMs: Math.min(...all),
        toMs: Math.max(...all),
      })
    }
    own = []
    foreign = []
    isOpen = false
    isInTables = false
  }
  for (const line of lines) {
    if (REPORT_BEGINS.test(line.text)) {
      close()
      isOpen = true
    }
    if (!isOpen) continue
    const text = line.text.replace(STAMP, '')
    if (TABLES_BEGIN.test(text)) isInTables = true
    const isForeign = STALL_NOTICE.test(text) || (isInTables && TRACE.test(text))
    if (isForeign) foreign.push(line)
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
