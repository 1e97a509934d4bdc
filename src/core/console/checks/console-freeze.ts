/**
 * @module The freeze itself: the task that holds oom_lock prints the report, and whoever allocates meanwhile waits
 * (mm/page_alloc.c, __alloc_pages_may_oom). SIGKILL is sent after the last byte is out (mm/oom_kill.c).
 */
import type { Facts } from '../facts.ts'
import { isLowerBound, isNominal } from '../facts.ts'
import type { Check, Evidence, Finding, Severity } from '../finding.ts'
import { adviceOnly, NO_FIX } from '../finding.ts'
import type { ConsoleGuard } from '../guarding.ts'
import { guardEvidence, guardName, guardSets } from '../guarding.ts'
import { formatPrintk } from '../printk.ts'
import { measuredSpeed } from '../probe.ts'
import type { Remedy } from '../remedies.ts'
import { bestRemedy, isWorthIt, remediesOf, SHORT_MS, serialConsoles } from '../remedies.ts'
import { onWire, seconds } from '../say.ts'
import { settersOf } from '../sysctl-files.ts'
import { FREEZE_MS } from '../verdict.ts'

function severityOf(facts: Facts, ms: number): Severity {
  if (facts.guard?.isAlive === true) return 'note'
  if (isNominal(facts)) return ms >= FREEZE_MS ? 'medium' : 'note'
  return ms >= FREEZE_MS ? 'high' : 'medium'
}

function evidenceOf(facts: Facts, asIs: Remedy): readonly Evidence[] {
  const lines = serialConsoles(facts).flatMap(({ name, line, lineFrom }) =>
    line === null ? [] : [{ path: `/dev/${name}`, value: `${line.baud} baud (${lineFrom})` }],
  )
  const printk = facts.printk === null ? '' : formatPrintk(facts.printk)
  const { measured } = facts
  return [
    ...lines,
    ...(measured === null ? [] : [{ path: '/dev/kmsg', value: measuredSpeed(measured) }]),
    { path: '/proc/sys/kernel/printk', value: printk },
    ...settersOf(facts, 'kernel.printk').map(({ path, value }) => ({
      path,
      value: `kernel.printk = ${value}`,
    })),
    {
      path: '/proc',
      value: `${facts.tasks?.length ?? 0} processes to list; a report of ${onWire(asIs.printing.cost.bytes)}`,
    },
  ]
}

function undoOf({ id }: Remedy, facts: Facts): string {
  const printk = facts.printk === null ? '' : formatPrintk(facts.printk)
  if (id !== 'detach') return `sysctl -w kernel.printk="${printk}"`
  // The console would otherwise print the whole buffer again, and block for it.
  return `write 1 to kernel.printk first, then 1 to the same file, then "${printk}" to kernel.printk: else the whole log is printed again, and blocks`
}

/** With a guard at work there is nothing to do. */
function guarded(guard: ConsoleGuard): Pick<Finding, 'fix' | 'givesUp' | 'undo'> {
  return {
    fix: adviceOnly(
      `Nothing, as long as ${guardName(guard)} is at work: it ${guardSets(guard)} while an OOM is near.`,
    ),
    givesUp: 'while an OOM is near, what the console guard keeps off the consoles',
    undo: 'end the guard',
  }
}

export const check: Check = {
  id: 'console-freeze',
  isFirst: true,
  asks: 'How long does every process that allocates stand still while an OOM report is printed?',
  looksAt: ['/proc/consoles', '/proc/sys/kernel/printk', '/proc/PID/status', '/proc/zoneinfo'],
  healthy: `less than ${SHORT_MS / 1000} s`,
  find(facts) {
    const remedies = remediesOf(facts)
    const asIs = remedies?.find(({ id }) => id === 'as-is')
    if (remedies === null || asIs === undefined || !isWorthIt(remedies)) return null
    const ms = asIs.printing.waitMs
    const nominal = isNominal(facts) ? ', if the line is held to its speed' : ''
    const best = bestRemedy(facts, remedies)
    const { guard } = facts
    const isGuarded = guard?.isAlive === true
    const isBetter = best !== undefined && best.printing.waitMs < ms
    const remedy = isGuarded
      ? guarded(guard)
      : isBetter
        ? { fix: best.fix, givesUp: best.loses, undo: undoOf(best, facts) }
        : { fix: NO_FIX, givesUp: '', undo: '' }
    return {
      severity: severityOf(facts, ms),
      title: `An OOM report takes ${isLowerBound(facts, asIs.printing) ? 'at least ' : ''}${seconds(ms)} to print${nominal}`,
      what: 'The process that holds the OOM lock prints the report itself, byte by byte; nothing is killed before the last one is out. Whoever needs memory meanwhile waits.',
      evidence: [...evidenceOf(facts, asIs), ...(guard === null ? [] : [guardEvidence(guard)])],
      consequence: `${seconds(ms)} for each OOM, one after another: an OOM of a container takes the same lock${ms >= 500 ? ", and the kernel's limit of 10 reports in 5 s never sets in where one takes half a second" : ''}.`,
      ...remedy,
    }
  },
}
