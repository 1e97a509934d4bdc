/** @module A host's reading, understood: all that the checks conclude from. Nothing that is unknown has a number. */
import type { ReportCost } from './cost.ts'
import { costOfReport } from './cost.ts'
import type { ConsoleGuard } from './guarding.ts'
import { asOwnerHasIt, consoleGuardOf } from './guarding.ts'
import type { HostConsoles, SeenConsole } from './host-consoles.ts'
import { hostConsoles, nominally } from './host-consoles.ts'
import { hardwareOf, hypervisorOf } from './hypervisor.ts'
import type { KernelArgument } from './kernel-arguments.ts'
import { lastArgument, parseKernelArguments } from './kernel-arguments.ts'
import type { LogBuffer } from './log-buffer.ts'
import { countCpus, LOG_BUFFER_LINE, logBufferOf } from './log-buffer.ts'
import { parsePrintk } from './printk.ts'
import type { Measured } from './probe.ts'
import type { Reading } from './reading.ts'
import { filesLike, integerOf, meminfoKb, textOf } from './reading.ts'
import type { LineStamp, PrintkSetting, ReportHost, ReportLine, ReportTask } from './records.ts'
import { renderGlobalReport } from './report.ts'
import type { Asked } from './stack.ts'

/** All of it as the owner has set it, whatever a console guard has changed for the moment. */
export interface Facts extends Reading {
  readonly release: string | null
  readonly isRealtime: boolean
  /** Name of the hypervisor; `null`: none is seen. */
  readonly hypervisor: string | null
  /** Seen from inside a container: its processes alone, and the host's settings. */
  readonly isContainer: boolean
  /** The kernel's command line; `null`: not known. */
  readonly given: readonly KernelArgument[] | null
  readonly consoles: HostConsoles | null
  readonly printk: PrintkSetting | null
  readonly guard: ConsoleGuard | null
  /** How fast the consoles are together, where that was asked for. */
  readonly measured: Measured | null
  readonly stamp: LineStamp
  /** Processes that a report lists: PID 1 is not one of them (oom_kill.c, oom_unkillable_task). */
  readonly tasks: readonly ReportTask[] | null
  /** The report with its task table, whatever vm.oom_dump_tasks is; `null` where the kernel is not known. */
  readonly report: readonly ReportLine[] | null
  readonly dumpsTasks: boolean | null
  readonly logBuffer: LogBuffer | null
  /** Names of the processes that run, cut by the kernel to 15 bytes. */
  readonly running: ReadonlySet<string>
}

/** Left by Docker, Podman, and systemd for whatever runs in a container (container interface, systemd.io). */
const CONTAINER_MARKS = ['/.dockerenv', '/run/.containerenv', '/run/systemd/container'] as const

/** A parameter of a module: `Y` and `N`, `1` and `0`. */
export function isOn(reading: Pick<Reading, 'files'>, path: string): boolean | null {
  const text = textOf(reading, path)
  return text === null ? null : /^[Yy1]/.test(text)
}

function kernelConfig(reading: Reading): string {
  const [first] = filesLike(reading, /^\/(boot\/config-|proc\/config\.gz$)/)
  return first?.[1] ?? ''
}

function stampOf(
  reading: Reading,
  config: string,
  given: readonly KernelArgument[] | null,
): LineStamp {
  return {
    // On where it cannot be read: every distribution has it so.
    hasTime: isOn(reading, '/sys/module/printk/parameters/time') ?? true,
    uptimeSec: Number(/^\d+/.exec(textOf(reading, '/proc/uptime') ?? '0')?.[0] ?? 0),
    callerBytes: /^CONFIG_PRINTK_CALLER=y$/m.test(config) ? 8 : 0,
    hasLevel: lastArgument(given ?? [], 'console_msg_format')?.value === 'syslog',
  }
}

function reportHost(reading: Reading, release: string, tasks: readonly ReportTask[]): ReportHost {
  const kb = (name: string): number => meminfoKb(reading, name) ?? 0
  const pages = (name: string): number => Math.round((kb(name) * 1024) / reading.pageBytes)
  const huge = filesLike(reading, /^\/sys\/kernel\/mm\/hugepages\/hugepages-\d+kB\//)
  return {
    release,
    version: textOf(reading, '/proc/sys/kernel/version') ?? '',
    hardware: hardwareOf(reading),
    nodes: reading.nodes,
    hugePageKb: huge.map(([path]) => Number(/hugepages-(\d+)kB/.exec(path)?.[1])),
    pageBytes: reading.pageBytes,
    swapTotalKb: kb('SwapTotal'),
    shmemPages: pages('Shmem'),
    pageTablePages: pages('PageTables'),
    kernelStackKb: kb('KernelStack'),
    slabReclaimablePages: pages('SReclaimable'),
    slabUnreclaimablePages: pages('SUnreclaim'),
    unevictablePages: pages('Unevictable'),
    mappedPages: pages('Mapped'),
    hasCgroup2: textOf(reading, '/sys/fs/cgroup/cgroup.controllers') !== null,
    tasks,
  }
}

/** @param asked what the report is taken to be asked for */
export function factsOf(seen: Reading, asked: Asked = 'page'): Facts {
  const guard = consoleGuardOf(seen)
  const reading = asOwnerHasIt(seen, guard)
  const release = textOf(reading, '/proc/sys/kernel/osrelease')
  const version = textOf(reading, '/proc/sys/kernel/version') ?? ''
  // /sys/kernel/realtime is there with the patches alone that are not in the kernel's own tree.
  const isRealtime =
    /\bPREEMPT_RT\b/.test(version) || integerOf(reading, '/sys/kernel/realtime') === 1
  const hypervisor = hypervisorOf(reading)
  const commandLine = textOf(reading, '/proc/cmdline')
  const given = commandLine === null ? null : parseKernelArguments(commandLine)
  const config = kernelConfig(reading)
  const ignores = isOn(reading, '/sys/module/printk/parameters/ignore_loglevel') ?? false
  // The first process of a container is one like others to the host.
  const tasks = reading.processes?.filter(({ pid }) => pid !== 1 || !reading.seesAll) ?? null
  const dumps = integerOf(reading, '/proc/sys/vm/oom_dump_tasks')
  return {
    ...reading,
    release,
    isRealtime,
    hypervisor,
    isContainer: CONTAINER_MARKS.some((path) => reading.files.has(path)),
    given,
    consoles: hostConsoles(reading, isRealtime, hypervisor),
    printk: parsePrintk(textOf(reading, '/proc/sys/kernel/printk') ?? '', ignores) ?? null,
    guard,
    measured: null,
    stamp: stampOf(reading, config, given),
    tasks,
    report:
      release === null || tasks === null || reading.nodes.length === 0
        ? null
        : renderGlobalReport(reportHost(reading, release, tasks), asked),
    dumpsTasks: dumps === null ? null : dumps !== 0,
    logBuffer: logBufferOf(
      given ?? [],
      config,
      countCpus(textOf(reading, '/sys/devices/system/cpu/possible') ?? ''),
      textOf(reading, LOG_BUFFER_LINE),
    ),
    running: new Set(reading.processes?.map(({ comm }) => comm) ?? []),
  }
}

/** The report as vm.oom_dump_tasks has it. */
export function reportLines({ report }: Facts, withTasks: boolean): readonly ReportLine[] {
  const lines = report ?? []
  return withTasks ? lines : lines.filter(({ part }) => part !== 'task-table')
}

/** What may be changed about the printing of a report. */
export interface PrintingChange {
  readonly printk?: PrintkSetting
  readonly withTasks?: boolean
  /** Names of consoles that are taken off printk. */
  readonly without?: readonly string[]
}

export interface PrintingCost {
  /** With what is known to hold. */
  readonly cost: ReportCost
  /** As if every serial line were held to its speed: the same on bare metal, an upper bound in a guest. */
  readonly nominal: ReportCost
  /** What is to be reckoned with: as measured, else nominal. */
  readonly waitMs: number
  readonly isMeasured: boolean
  /** Consoles that are waited for and whose speed is not known, but for the network's. */
  readonly unknown: readonly SeenConsole[]
}

/** Of all that are waited for the sum was measured; of some of them it is known where the others have a speed. */
function measuredMsPerByte(
  { consoles, msPerByte }: Measured,
  all: readonly SeenConsole[],
  seen: readonly SeenConsole[],
): number | null {
  const isSeen = (name: string): boolean => seen.some((one) => one.name === name)
  if (consoles.every(isSeen)) return msPerByte
  if (!consoles.some(isSeen)) return 0
  const gone = all.filter(({ name }) => consoles.includes(name) && !isSeen(name))
  return gone.reduce<number | null>(
    (left, { cost }) =>
      left === null || cost.from === 'unknown' ? null : Math.max(0, left - cost.msPerByte),
    msPerByte,
  )
}

/** What one report costs on this host; `null` where report, consoles or kernel.printk are not known. */
export function costOfPrinting(facts: Facts, change: PrintingChange = {}): PrintingCost | null {
  const { report, consoles, stamp, measured } = facts
  const printk = change.printk ?? facts.printk
  if (report === null || consoles === null || printk === null) return null
  const lines = reportLines(facts, change.withTasks ?? facts.dumpsTasks ?? true)
  const seen = consoles.consoles.filter(({ name }) => !(change.without ?? []).includes(name))
  const delayMs = integerOf(facts, '/proc/sys/kernel/printk_delay') ?? 0
  const cost = costOfReport(lines, seen, printk, stamp, delayMs)
  const nominal = costOfReport(lines, nominally(seen), printk, stamp, delayMs)
  const msPerByte = measured === null ? null : measuredMsPerByte(measured, consoles.consoles, seen)
  if (msPerByte !== null) {
    // Every console has the same lines.
    const bytes = Math.max(0, ...nominal.consoles.map((one) => one.bytes))
    const waitMs = bytes * msPerByte + delayMs * lines.length
    return { cost, nominal, waitMs, isMeasured: true, unknown: [] }
  }
  const unknown = seen.filter(
    (one, index) => one.kind !== 'network' && nominal.consoles[index]?.waitMs === null,
  )
  return { cost, nominal, waitMs: nominal.waitMs, isMeasured: false, unknown }
}

/** What one report costs while a console guard at work keeps it off; `null`: there is none. */
export function costUnderGuard(facts: Facts): PrintingCost | null {
  const { guard, printk } = facts
  if (guard?.isAlive !== true || printk === null) return null
  const { undo } = guard
  return costOfPrinting(
    facts,
    undo.remedy === 'detach' ? { without: [undo.console] } : { printk: { ...printk, ...undo.set } },
  )
}

/** Whether a time may be longer than is counted. */
export function isLowerBound({ seesAll, consoles }: Facts, { unknown }: PrintingCost): boolean {
  // With a handshake each byte may take as long as the other end likes.
  const waitsForOther = consoles?.consoles.some(
    (one) => one.isSynchronous && one.line?.hasFlowControl === true,
  )
  return !seesAll || unknown.length > 0 || waitsForOther === true
}

/** What one report is to be reckoned with here: a console guard at work is counted, and a measurement; ms. */
export function expectedWaitMs(facts: Facts): number {
  return (costUnderGuard(facts) ?? costOfPrinting(facts))?.waitMs ?? 0
}

/** Whether the serial lines' speeds are but nominal here. */
export function hasNominalLines({ hypervisor, consoles }: Facts): boolean {
  return hypervisor !== null && (consoles?.consoles.some(({ line }) => line !== null) ?? false)
}

/** Whether a time that is told is but nominal: nobody has measured it. */
export function isNominal(facts: Facts): boolean {
  return facts.measured === null && hasNominalLines(facts)
}
