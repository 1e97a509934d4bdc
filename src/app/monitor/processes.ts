/** @module Processes as subjects: one for each slot of the sampler's table. */
import { keepScript } from '../../core/procfs/program-name.ts'
import type { SubjectId, SubjectRow } from '../../core/wire/records.ts'
import type { Sampler } from '../../linux/sampler.ts'
import type { Whereabouts } from './identity.ts'
import { identifyService } from './identity.ts'
import type { SeriesIndex } from './series-index.ts'
import { releaseSlot } from './series-index.ts'
import type { Service, Services } from './services.ts'
import { boundService, joinService, leaveService } from './services.ts'
import type { Subject } from './subject.ts'
import {
  createSubject,
  feedSubject,
  isRising,
  isSuspect,
  stateOf,
  tightestLimit,
  verdictOf,
} from './subject.ts'
import type { Happening } from './verdict-events.ts'
import { endedHappening } from './verdict-events.ts'

export interface Process extends Subject {
  /** In the sampler's table. */
  readonly slot: number
  readonly pid: number
  readonly startTicks: number
  service: Service
  /** What the service was found by. */
  comm: string
  cgroup: string
  unitCgroup: string
  program: string
  limitDueSec: number
}

export interface Processes {
  readonly sampler: Sampler
  readonly index: SeriesIndex
  /** By slot of the sampler's table. */
  readonly bySlot: (Process | undefined)[]
  /** Slots of processes that gave everything back and are still listed, as zombies are. */
  readonly emptied: Set<number>
  /** The slot from which on limits are read at the next tick: who waited longest comes first. */
  limitsFrom: number
}

/** Limits are read for so many processes a tick at most; the rest waits for the next. */
const LIMITS_A_TICK = 16
/** A rising process' limit is read anew after this, any other's after the second. */
const LIMIT_EVERY_RISING_SEC = 5
const LIMIT_EVERY_SEC = 120
/** What is smaller is not worth the reads: it bounds nothing before it has grown to this. */
const LIMIT_FROM_BYTES = 4 << 20

export function createProcesses(sampler: Sampler, index: SeriesIndex): Processes {
  return { sampler, index, bySlot: [], emptied: new Set(), limitsFrom: 0 }
}

function idOf(pid: number, startTicks: number): SubjectId {
  return `process:${pid}:${startTicks}`
}

function appear({ sampler, index, bySlot }: Processes, services: Services, slot: number): void {
  const { table } = sampler
  const pid = table.pid[slot] as number
  if (pid === 0) return
  const startTicks = table.startTicks[slot] as number
  const subject = createSubject(index, idOf(pid, startTicks), 'process')
  const who = {
    comm: table.comm[slot] as string,
    cgroup: table.cgroup[slot] as string,
    unitCgroup: sampler.unitCgroup(slot),
    program: sampler.readProgram(slot),
  }
  const service = join(sampler, services, who, slot)
  bySlot[slot] = { ...subject, ...who, slot, pid, startTicks, service, limitDueSec: 0 }
}

function join(sampler: Sampler, services: Services, who: Whereabouts, slot: number): Service {
  const identity = identifyService(who, sampler.nameContainer)
  return joinService(services, identity, who.cgroup, slot)
}

/** Of what has ended its parent may not know yet: with its memory its story is over. */
function sortOutEmptied(
  processes: Processes,
  services: Services,
  gone: SubjectId[],
  happenings: Happening[],
): void {
  const { sampler, bySlot, emptied } = processes
  for (const process of bySlot) {
    if (process === undefined || !(process.levelBytes > 0)) continue
    if (levelOf(sampler, process.slot) !== 0) continue
    disappear(processes, services, process.slot, gone, happenings)
    emptied.add(process.slot)
  }
  for (const slot of emptied) {
    // It only became another program, and begins anew.
    if (levelOf(sampler, slot) > 0 && emptied.delete(slot)) appear(processes, services, slot)
  }
}

function disappear(
  processes: Processes,
  services: Services,
  slot: number,
  gone: SubjectId[],
  happenings: Happening[],
): void {
  const process = processes.bySlot[slot]
  if (process === undefined) return
  const state = stateOf(processes.index, process)
  if (isSuspect(state)) {
    happenings.push(endedHappening(processRow(processes, process, 0), state))
  }
  processes.bySlot[slot] = undefined
  leaveService(services, process.service, process)
  releaseSlot(processes.index, process.id)
  gone.push(process.id)
}

/** A process that was moved to another cgroup, or became another program, may be another service's. */
function followIdentity({ sampler }: Processes, services: Services, process: Process): void {
  const { slot } = process
  const comm = sampler.table.comm[slot] as string
  const cgroup = sampler.table.cgroup[slot] as string
  const unitCgroup = sampler.unitCgroup(slot)
  const isSamePlace = cgroup === process.cgroup && unitCgroup === process.unitCgroup
  if (comm === process.comm && isSamePlace) return
  if (comm !== process.comm)
    process.program = keepScript(process.program, sampler.readProgram(slot))
  process.comm = comm
  process.cgroup = cgroup
  process.unitCgroup = unitCgroup
  process.isChanged = true
  leaveService(services, process.service, process)
  process.service = join(sampler, services, process, slot)
}

function levelOf({ table }: Sampler, slot: number): number {
  const anon = table.anonBytes[slot] as number
  const shmem = table.shmemBytes[slot] as number
  const swap = table.swapBytes[slot] as number
  return anon + (Number.isNaN(shmem) ? 0 : shmem) + (Number.isNaN(swap) ? 0 : swap)
}

function readLimit({ sampler }: Processes, process: Process): void {
  const limit = sampler.readLimit(process.slot)
  const isOwn = limit !== undefined && limit.kind !== 'host'
  process.ownLimitLevel = isOwn
    ? process.levelBytes + limit.headroomBytes
    : Number.POSITIVE_INFINITY
  process.ownLimitKind = isOwn ? limit.kind : 'host'
}

/** Feeds every process' series; takes in the new ones and lets go of those that ended. */
export function tickProcesses(
  processes: Processes,
  services: Services,
  tSec: number,
  hostHeadroomBytes: number,
  gone: SubjectId[],
  happenings: Happening[],
): void {
  const { sampler, index, bySlot } = processes
  const { table } = sampler
  for (const slot of table.gone) {
    processes.emptied.delete(slot)
    disappear(processes, services, slot, gone, happenings)
  }
  for (const slot of table.appeared) appear(processes, services, slot)
  sortOutEmptied(processes, services, gone, happenings)
  const { limitsFrom } = processes
  let limitsLeft = LIMITS_A_TICK
  processes.limitsFrom = 0
  for (const process of bySlot) {
    if (process === undefined) continue
    followIdentity(processes, services, process)
    if (table.changed[process.slot] !== 0) process.isChanged = true
    feedSubject(index, process, tSec, levelOf(sampler, process.slot), hostHeadroomBytes)
    const rising = isRising(stateOf(index, process))
    if (rising) {
      sampler.requestFull(process.slot)
      process.isChanged = true
    }
    const isDue = tSec >= process.limitDueSec && process.levelBytes >= LIMIT_FROM_BYTES
    if (isDue && process.slot >= limitsFrom && limitsLeft > 0) {
      limitsLeft--
      readLimit(processes, process)
      process.limitDueSec = tSec + (rising ? LIMIT_EVERY_RISING_SEC : LIMIT_EVERY_SEC)
      if (limitsLeft === 0) processes.limitsFrom = process.slot + 1
    } else if (rising) {
      process.limitDueSec = Math.min(process.limitDueSec, tSec + LIMIT_EVERY_RISING_SEC)
    }
    boundService(process.service, process)
  }
}

function numberOrNull(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}

function countOrNull(value: number | undefined): number | null {
  return value === undefined || value < 0 ? null : value
}

/** Node's name of its main thread, which is no program's. */
const NO_NAME = 'MainThread'

/** With its script where it is an interpreter: `node` alone tells nobody which of them. */
function nameOf({ comm, program }: Process): string {
  return program.includes(' ') || comm === NO_NAME ? program : comm
}

/** The row of a process as of the last pass. */
export function processRow(
  { sampler, index }: Processes,
  process: Process,
  hostHeadroomBytes: number,
): SubjectRow {
  const { table } = sampler
  const { slot, service } = process
  return {
    id: process.id,
    kind: 'process',
    name: nameOf(process),
    pid: process.pid,
    startTicks: process.startTicks,
    uid: countOrNull(table.uid[slot]),
    serviceId: service.id,
    cgroup: process.cgroup === '' ? null : process.cgroup,
    unit: service.unit,
    container: service.container,
    processes: null,
    levelBytes: numberOrNull(process.levelBytes) ?? 0,
    anonBytes: numberOrNull(table.anonBytes[slot]),
    fileBytes: numberOrNull(table.fileBytes[slot]),
    shmemBytes: numberOrNull(table.shmemBytes[slot]),
    swapBytes: numberOrNull(table.swapBytes[slot]),
    threads: countOrNull(table.threads[slot]),
    fds: countOrNull(table.fds[slot]),
    limit: tightestLimit(process, hostHeadroomBytes),
    verdict: verdictOf(index, process),
  }
}
