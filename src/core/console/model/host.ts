/** @module A machine from a few numbers, where no host is read: the incident, with one thing or another changed. */
import { KIB, MIB } from '../../../base/units.ts'
import { renderContainerReport } from '../container-report.ts'
import type { HostConsole } from '../cost.ts'
import type { LineStamp, PrintkSetting, ReportHost, ReportTask, ReportZone } from '../records.ts'
import { renderGlobalReport } from '../report.ts'
import type { Mechanics, Setting } from './setting.ts'

const PAGE_BYTES = 4 * KIB
/** Pages of x86-64's first zone, and up to where its second one goes. */
const DMA_PAGES = 3840
const DMA32_END_BYTES = 3072 * MIB
/** Of a container's report: what runs in it, the leaker too. */
const CONTAINER_TASKS = 2

/** Set once, from the shortest stalls of the lab's guests (two emulated processors); a real machine is no slower. */
export const MECHANICS: Mechanics = {
  tickMs: 4,
  reclaimMs: 20,
  freeBytesPerMs: MIB,
}

/** kernel.printk where nobody has set it. */
export const LOUD: PrintkSetting = {
  consoleLevel: 7,
  defaultLevel: 4,
  minimumLevel: 1,
  bootLevel: 7,
  ignoresLevel: false,
}

const STAMP: LineStamp = { hasTime: true, uptimeSec: 1000, callerBytes: 0, hasLevel: false }

/** A driver has one console at most (Documentation/admin-guide/serial-console.rst): several are of different drivers. */
const DRIVERS = ['ttyS', 'ttyAMA', 'ttyMSM', 'ttyLP', 'ttyPS', 'ttySC', 'ttyUL', 'ttySIF'] as const
/** So many serial lines can print at once. */
export const MAX_SERIAL = DRIVERS.length

/** A serial line of ten bits a byte; another driver's for each number. */
export function serialConsole(baud: number, number: number, bitsPerByte = 10): HostConsole {
  const msPerByte = (bitsPerByte * 1000) / baud
  return {
    name: `${DRIVERS[number % MAX_SERIAL]}0`,
    kind: 'uart',
    isSynchronous: true,
    cost: { from: 'baud', baud, msPerByte },
  }
}

function zone(
  name: string,
  managedPages: number,
  minPages: number,
  above: readonly number[],
): ReportZone {
  return {
    name,
    presentPages: Math.round(managedPages * 1.04),
    managedPages,
    minPages,
    lowPages: Math.round(minPages * 1.25),
    highPages: Math.round(minPages * 1.5),
    reservePages: above,
  }
}

function zonesOf(memoryBytes: number): readonly ReportZone[] {
  const pages = Math.max(DMA_PAGES * 2, Math.round(memoryBytes / PAGE_BYTES))
  const dma32 = Math.min(pages, DMA32_END_BYTES / PAGE_BYTES) - DMA_PAGES
  const normal = pages - dma32 - DMA_PAGES
  // min_free_kbytes is 4 times the root of the memory in kB (page_alloc.c, calculate_min_free_kbytes).
  const minPages = Math.sqrt((memoryBytes / KIB) * 16) / 4
  const share = (part: number): number => Math.max(1, Math.round((minPages * part) / pages))
  const megabytes = (part: number): number => Math.round((part * PAGE_BYTES) / MIB)
  const [a, b] = [megabytes(dma32), megabytes(normal)]
  return [
    zone('DMA', DMA_PAGES, share(DMA_PAGES), [0, a, a + b, a + b, a + b]),
    zone('DMA32', dma32, share(dma32), [0, 0, b, b, b]),
    ...(normal > 0 ? [zone('Normal', normal, share(normal), [0, 0, 0, 0, 0])] : []),
  ]
}

function idleTask(index: number): ReportTask {
  return {
    comm: `sleeper-${index}`,
    pid: 150 + index,
    uid: 0,
    totalVmPages: 240,
    rssAnonPages: 20,
    rssFilePages: 0,
    rssShmemPages: 0,
    pageTableBytes: 45_056,
    swapPages: 0,
    oomScoreAdj: 0,
  }
}

function reportHost(release: string, memoryBytes: number, tasks: number): ReportHost {
  return {
    release,
    version: '#1 SMP PREEMPT_DYNAMIC Debian 6.1.192-2 (2026-01-01)',
    hardware: 'QEMU Standard PC (i440FX + PIIX, 1996), BIOS 1.16.2-debian-1.16.2-1 04/01/2014',
    nodes: [{ id: 0, zones: zonesOf(memoryBytes) }],
    hugePageKb: [1_048_576, 2048],
    pageBytes: PAGE_BYTES,
    swapTotalKb: 0,
    shmemPages: 330,
    pageTablePages: 800,
    kernelStackKb: 2000,
    slabReclaimablePages: 2000,
    slabUnreclaimablePages: 3000,
    unevictablePages: 300,
    mappedPages: 160,
    hasCgroup2: true,
    tasks: Array.from({ length: tasks }, (_, index) => idleTask(index)),
  }
}

/** What a person, or the dashboard's sliders, may say of a machine. */
export interface Incident {
  /** As `uname -r`: 6.1, or longer. */
  readonly release: string
  readonly memoryBytes: number
  /** Rows of the task table. */
  readonly tasks: number
  /** Rates of the serial consoles. */
  readonly bauds: readonly number[]
  readonly printk: PrintkSetting
  readonly dumpsTasks: boolean
  readonly leakers: number
  readonly leakBytesPerSec: number
  readonly restartSec: number | null
  readonly others: number
  readonly containers: number
  readonly containerLimitBytes: number
  readonly isAdaptive: boolean
  readonly seconds: number
  readonly seed: number
}

/** 200 tasks, a serial console of 19200 baud, Debian 12's kernel: 12 seconds in which nothing moves. */
export const INCIDENT: Incident = {
  release: '6.1.0-56-cloud-amd64',
  memoryBytes: 448 * MIB,
  tasks: 200,
  bauds: [19_200],
  printk: LOUD,
  dumpsTasks: true,
  leakers: 1,
  leakBytesPerSec: 200 * MIB,
  restartSec: null,
  others: 1,
  containers: 0,
  containerLimitBytes: 64 * MIB,
  isAdaptive: false,
  seconds: 60,
  seed: 1,
}

export function settingOf(incident: Incident): Setting {
  const { release, memoryBytes, tasks, bauds, containerLimitBytes } = incident
  const contained = reportHost(release, memoryBytes, CONTAINER_TASKS)
  return {
    ...incident,
    consoles: bauds.map((baud, number) => serialConsole(baud, number)),
    stamp: STAMP,
    report: renderGlobalReport(reportHost(release, memoryBytes, tasks)),
    containerReport: renderContainerReport(contained, '/job', containerLimitBytes),
    mechanics: MECHANICS,
  }
}
