/**
 * @module A slow line beside netconsole: console_loglevel is one for all, so that sparing the line silences the
 * network; and while both print, the network's copy leaves at the pace of the line.
 */
import { costOfPrinting } from '../facts.ts'
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix, sysfsFix } from '../finding.ts'
import { formatPrintk, isShown } from '../printk.ts'
import { isCarriedWithout } from '../quieting.ts'
import { networkConsoles, serialConsoles } from '../remedies.ts'
import { listed, seconds } from '../say.ts'
import { FREEZE_MS } from '../verdict.ts'

export const check: Check = {
  id: 'network-beside-line',
  asks: 'Does a slow serial line stand in the way of netconsole?',
  looksAt: ['/proc/consoles', '/proc/sys/kernel/printk'],
  healthy: 'netconsole without a slow line beside it, and a console level of 7',
  find(facts) {
    const { printk } = facts
    const lines = serialConsoles(facts)
    if (printk === null || networkConsoles(facts).length === 0 || lines.length === 0) return null
    const verbose = { ...printk, consoleLevel: 7, defaultLevel: 4 }
    const full = costOfPrinting(facts, { printk: verbose, withTasks: true })
    if (full === null || full.waitMs < FREEZE_MS) return null
    const isWhole = isShown(6, printk) && isShown('default', printk)
    const names = listed(lines.map(({ name }) => name))
    const writable = lines.filter(({ canDetach }) => canDetach)
    const detach = writable.map(({ name }) => sysfsFix(`/sys/class/tty/${name}/console`, 0))
    const level =
      isWhole || writable.length === 0 ? [] : [sysctlFix('kernel.printk', formatPrintk(verbose))]
    const fixes = [...detach, ...level]
    return {
      severity: 'medium',
      title: isWhole
        ? `netconsole waits for ${names}: its copy of a report takes ${seconds(full.waitMs)} as well`
        : `The level that spares ${names} silences netconsole too`,
      what: 'The console level is one for all consoles, and printk gives each line to all of them in turn.',
      evidence: seenIn(facts, '/proc/consoles', '/proc/sys/kernel/printk'),
      consequence: isWhole
        ? 'The copy on the network is complete, but it does not shorten the freeze.'
        : 'Task table or memory figures of an OOM never reach the network.',
      fix: {
        now: fixes.flatMap(({ now }) => now),
        persistent: fixes.flatMap(({ persistent }) => persistent),
        advice:
          writable.length === 0
            ? `Take console=${lines[0]?.name} out of the kernel command line and reboot: this kernel cannot detach it.`
            : '',
      },
      givesUp: `every kernel message on ${names}, panics too${
        isCarriedWithout(
          lines.map(({ name }) => name),
          facts.consoles?.consoles ?? [],
        )
          ? ''
          : '; /dev/console is then no device at all'
      }`,
      undo: `write 1 to kernel.printk, then 1 to the console's file, then "${formatPrintk(printk)}" to kernel.printk`,
    }
  },
}
