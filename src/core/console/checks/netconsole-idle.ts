/** @module netconsole loaded and sending nothing: no target is enabled, or its level drops the report. */
import type { Check } from '../finding.ts'
import { adviceOnly, sysctlFix } from '../finding.ts'
import { formatPrintk, isShown } from '../printk.ts'
import { filesLike, textOf } from '../reading.ts'
import { networkConsoles, serialConsoles } from '../remedies.ts'

export const check: Check = {
  id: 'netconsole-idle',
  asks: 'Does netconsole send a whole report?',
  looksAt: [
    '/sys/module/netconsole',
    '/sys/kernel/config/netconsole/*/enabled',
    '/proc/consoles',
    '/proc/sys/kernel/printk',
  ],
  healthy: 'an enabled target, and a console level of 7',
  find(facts) {
    const { printk, consoles } = facts
    if (consoles === null || printk === null) return null
    const targets = filesLike(facts, /^\/sys\/kernel\/config\/netconsole\/[^/]+\/enabled$/)
    const isLoaded = textOf(facts, '/sys/module/netconsole') !== null || targets.length > 0
    const network = networkConsoles(facts)
    if (isLoaded && network.length === 0) {
      return {
        severity: 'medium',
        title: 'netconsole is loaded, but no target is enabled',
        what: 'Nothing is sent until a target has a receiver and is switched on.',
        evidence: [
          { path: '/sys/module/netconsole', value: 'is there' },
          ...targets.map(([path, value]) => ({ path, value })),
        ],
        consequence: 'What the kernel says while the host dies reaches nobody.',
        fix: adviceOnly(
          'Set dev_name, remote_ip and remote_mac of the target, then echo 1 > enabled.',
        ),
        givesUp: 'kernel messages cross the network unencrypted',
        undo: 'echo 0 > enabled',
      }
    }
    const isWhole = isShown(6, printk) && isShown('default', printk)
    // Beside a serial line it is another question, and another check.
    if (network.length === 0 || isWhole || serialConsoles(facts).length > 0) return null
    const wanted = formatPrintk({ ...printk, consoleLevel: 7, defaultLevel: 4 })
    return {
      severity: 'medium',
      title: `netconsole gets no whole OOM report at a console level of ${printk.consoleLevel}`,
      what: 'The table of processes has level 6, and a console shows what is below its own.',
      evidence: [{ path: '/proc/sys/kernel/printk', value: formatPrintk(printk) }],
      consequence: 'The receiver sees who was killed at best, not who had the memory.',
      fix: sysctlFix('kernel.printk', wanted),
      givesUp: 'a quiet screen',
      undo: `sysctl -w kernel.printk="${formatPrintk(printk)}"`,
    }
  },
}
