/** @module A host as files below a directory of its own, for fixes and their undoing. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Finding } from '../../../core/console/finding.ts'
import { JOURNALD_DROP_IN, sysctlFix, sysfsFix } from '../../../core/console/finding.ts'
import { openUndoStore } from '../../../io/undo/undo-store.ts'
import { openKernelSettings } from '../../../linux/kernel-setting.ts'
import { readStartTicks } from '../../../linux/start-ticks.ts'
import type { FixHost } from './carry-out.ts'

export const PRINTK = '/proc/sys/kernel/printk'
export const CONSOLE = '/sys/class/tty/ttyS1/console'
export const JOURNAL = '/var/lib/plimsoll/undo/journal.json'
export const LOUD = '7\t4\t1\t7\n'

export interface World {
  readonly root: string
  readonly host: FixHost
  read(path: string): string
  write(path: string, text: string): void
  remove(): void
}

export function hostAt(root: string, bootId = 'b1'): FixHost {
  return {
    bootId,
    store: openUndoStore(root),
    settings: openKernelSettings(root),
    isRunning: (pid, startTicks) => readStartTicks('/proc', pid) === startTicks,
  }
}

export function makeWorld(): World {
  const root = mkdtempSync(join(tmpdir(), 'plimsoll-fix-'))
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(root + path), { recursive: true })
    writeFileSync(root + path, text)
  }
  write(PRINTK, LOUD)
  write(CONSOLE, 'Y\n')
  write('/etc/sysctl.d/99-site.conf', 'vm.swappiness = 60\n')
  return {
    root,
    host: hostAt(root),
    write,
    read: (path) => readFileSync(root + path, 'utf8'),
    remove: () => rmSync(root, { recursive: true, force: true }),
  }
}

function finding(id: string, fix: Omit<Finding['fix'], 'advice'>): Finding {
  return {
    id,
    severity: 'high',
    title: '',
    what: '',
    evidence: [],
    consequence: '',
    fix: { ...fix, advice: '' },
    givesUp: '',
    undo: '',
  }
}

export const FREEZE = finding('console-freeze', sysctlFix('kernel.printk', '5 7 1 7'))
export const DETACH = finding('network-beside-line', sysfsFix(CONSOLE, 0))
export const LOUDER = finding('network-beside-line', sysctlFix('kernel.printk', '7 4 1 7'))
export const STORAGE = finding('journald-storage', {
  now: [],
  persistent: [{ file: JOURNALD_DROP_IN, text: '[Journal]\nStorage=persistent\n' }],
})
export const SYNC = finding('journald-sync', {
  now: [],
  persistent: [{ file: JOURNALD_DROP_IN, text: '[Journal]\nSyncIntervalSec=15s\n' }],
})
