/** @module How long a report keeps its printer: each line on each synchronous console in turn, part by part. */
import { costOfReport } from '../cost.ts'
import type { PrintkSetting, ReportLine, ReportPart } from '../records.ts'
import { REPORT_PARTS } from '../records.ts'
import type { Setting } from './setting.ts'

export interface PartPlan {
  readonly part: ReportPart
  readonly lines: number
  /** On each console. */
  readonly bytes: number
  readonly waitMs: number
}

export interface PrintPlan {
  readonly parts: readonly PartPlan[]
  /** SIGKILL is sent after these (dump_header comes before __oom_kill_process), ... */
  readonly dumpMs: number
  /** ... and this line is printed after it, still with oom_lock held. */
  readonly killLineMs: number
}

export type ReportSetting = Pick<Setting, 'consoles' | 'stamp' | 'dumpsTasks'>

/** A console whose cost is not known counts as nothing. */
export function planPrinting(
  lines: readonly ReportLine[],
  { consoles, stamp, dumpsTasks }: ReportSetting,
  printk: PrintkSetting,
): PrintPlan {
  const printed = dumpsTasks ? lines : lines.filter(({ part }) => part !== 'task-table')
  const { consoles: costs } = costOfReport(printed, consoles, printk, stamp)
  const parts = REPORT_PARTS.flatMap((part): readonly PartPlan[] => {
    const [shown] = (costs[0]?.parts ?? []).filter((one) => one.part === part)
    if (shown === undefined) return []
    const waitMs = consoles.reduce((sum, { isSynchronous, cost }) => {
      return sum + (isSynchronous && cost.from !== 'unknown' ? shown.bytes * cost.msPerByte : 0)
    }, 0)
    return [{ ...shown, waitMs }]
  })
  const waitOf = (isKill: boolean): number =>
    parts.reduce((sum, one) => sum + ((one.part === 'kill') === isKill ? one.waitMs : 0), 0)
  return { parts, dumpMs: waitOf(false), killLineMs: waitOf(true) }
}
