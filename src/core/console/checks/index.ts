/** @module All checks. Made by scripts/check-index.ts from the files beside it. */
import type { Check } from '../finding.ts'
import { check as adminReserve } from './admin-reserve.ts'
import { check as alwaysKmsgDump } from './always-kmsg-dump.ts'
import { check as bootConsole } from './boot-console.ts'
import { check as cgroupV1 } from './cgroup-v1.ts'
import { check as consoleFreeze } from './console-freeze.ts'
import { check as consoleGuard } from './console-guard.ts'
import { check as corePattern } from './core-pattern.ts'
import { check as flowControl } from './flow-control.ts'
import { check as forwardToConsole } from './forward-to-console.ts'
import { check as hungTask } from './hung-task.ts'
import { check as ignoreLoglevel } from './ignore-loglevel.ts'
import { check as journaldLevel } from './journald-level.ts'
import { check as journaldStorage } from './journald-storage.ts'
import { check as journaldSync } from './journald-sync.ts'
import { check as kdump } from './kdump.ts'
import { check as killLineHidden } from './kill-line-hidden.ts'
import { check as kubeletEviction } from './kubelet-eviction.ts'
import { check as lineWithoutPort } from './line-without-port.ts'
import { check as logBuffer } from './log-buffer.ts'
import { check as loginUnprotected } from './login-unprotected.ts'
import { check as minFreeKbytes } from './min-free-kbytes.ts'
import { check as netconsoleIdle } from './netconsole-idle.ts'
import { check as networkBesideLine } from './network-beside-line.ts'
import { check as noKiller } from './no-killer.ts'
import { check as oomDumpTasks } from './oom-dump-tasks.ts'
import { check as oomKillAllocatingTask } from './oom-kill-allocating-task.ts'
import { check as oomdIdle } from './oomd-idle.ts'
import { check as overcommit } from './overcommit.ts'
import { check as panicOnOom } from './panic-on-oom.ts'
import { check as panicOnOops } from './panic-on-oops.ts'
import { check as panicTimeout } from './panic-timeout.ts'
import { check as printkDelay } from './printk-delay.ts'
import { check as printkDevkmsg } from './printk-devkmsg.ts'
import { check as psi } from './psi.ts'
import { check as pstore } from './pstore.ts'
import { check as rsyslogFilter } from './rsyslog-filter.ts'
import { check as rsyslogTwice } from './rsyslog-twice.ts'
import { check as softlockupPanic } from './softlockup-panic.ts'
import { check as swap } from './swap.ts'
import { check as swappiness } from './swappiness.ts'
import { check as sysrq } from './sysrq.ts'
import { check as twoKillers } from './two-killers.ts'
import { check as watchdogShorter } from './watchdog-shorter.ts'
import { check as watermarkScaleFactor } from './watermark-scale-factor.ts'

export const CHECKS: readonly Check[] = [
  adminReserve,
  alwaysKmsgDump,
  bootConsole,
  cgroupV1,
  consoleFreeze,
  consoleGuard,
  corePattern,
  flowControl,
  forwardToConsole,
  hungTask,
  ignoreLoglevel,
  journaldLevel,
  journaldStorage,
  journaldSync,
  kdump,
  killLineHidden,
  kubeletEviction,
  lineWithoutPort,
  logBuffer,
  loginUnprotected,
  minFreeKbytes,
  netconsoleIdle,
  networkBesideLine,
  noKiller,
  oomDumpTasks,
  oomKillAllocatingTask,
  oomdIdle,
  overcommit,
  panicOnOom,
  panicOnOops,
  panicTimeout,
  printkDelay,
  printkDevkmsg,
  psi,
  pstore,
  rsyslogFilter,
  rsyslogTwice,
  softlockupPanic,
  swap,
  swappiness,
  sysrq,
  twoKillers,
  watchdogShorter,
  watermarkScaleFactor,
]
