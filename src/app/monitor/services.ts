/**
 * @module Services as subjects: what survives the restart of its processes. A systemd unit, a
 * container, or else the same program in the same cgroup.
 */
import { restartSeries } from '../../core/leak/detector.ts'
import type { ProcessTable } from '../../core/procfs/records.ts'
import { subjectOf } from '../../core/wire/event-subject.ts'
import type { LimitRow, SubjectId, SubjectRow } from '../../core/wire/records.ts'
import type { ServiceIdentity } from './identity.ts'
import type { SeriesIndex } from './series-index.ts'
import { releaseSlot } from './series-index.ts'
import type { Subject } from './subject.ts'
import {
  createSubject,
  feedSubject,
  isRising,
  stateOf,
  tightestLimit,
  verdictOf,
} from './subject.ts'
import type { Happening } from './verdict-events.ts'

export interface Service extends Subject {
  readonly name: string
  readonly unit: string | null
  readonly container: string | null
  readonly cgroup: string
  /** Whether it is told of: a unit, a container, or a program that has several processes or had. */
  isShown: boolean
  /** Slots of its processes in the sampler's table. */
  readonly members: Set<number>
  anonBytes: number
  fileBytes: number
  shmemBytes: number
  swapBytes: number
  threads: number
  fds: number
  /** Least room below a limit that binds all of it, as its members know it at this tick. */
  roomBytes: number
  roomKind: LimitRow['kind']
  /** Bytes of members that ended since the last tick. */
  endedBytes: number
  /** Since when it has no process; NaN while it has. */
  emptySinceSec: number
  incarnations: number
}

export interface Services {
  readonly index: SeriesIndex
  readonly byId: Map<SubjectId, Service>
}

/** A service whose last process ended is remembered this long: a restart takes less. */
const REMEMBER_SEC = 600
/** Programs without a unit that come and go (compilers in a build) would fill this without end. */
const MAX_EMPTY = 256
/** When members that held this share of the level end at once, its process was replaced. */
const REPLACED_SHARE = 0.5

export function createServices(index: SeriesIndex): Services {
  return { index, byId: new Map() }
}

/** The service of a process; a new one where it is the first. */
export function joinService(
  services: Services,
  { name, key, unit, container }: ServiceIdentity,
  cgroup: string,
  slot: number,
): Service {
  const isNamed = unit !== null || container !== null
  const id = `service:${key}`
  let service = services.byId.get(id)
  if (service === undefined) {
    service = {
      ...createSubject(services.index, id, 'service'),
      name,
      unit,
      container,
      cgroup,
      isShown: isNamed,
      members: new Set(),
      anonBytes: 0,
      fileBytes: 0,
      shmemBytes: 0,
      swapBytes: 0,
      threads: 0,
      fds: 0,
      roomBytes: Number.POSITIVE_INFINITY,
      roomKind: 'host',
      endedBytes: 0,
      emptySinceSec: Number.NaN,
      incarnations: 1,
    }
    services.byId.set(id, service)
  }
  service.members.add(slot)
  if (service.members.size > 1) service.isShown = true
  service.isChanged = true
  return service
}

export function leaveService(
  services: Services,
  service: Service,
  process: { readonly slot: number; readonly levelBytes: number },
): void {
  if (!services.byId.has(service.id)) return
  service.members.delete(process.slot)
  if (!Number.isNaN(process.levelBytes)) service.endedBytes += process.levelBytes
  service.isChanged = true
}

/** Takes in what bounds a member: its cgroup bounds all of them, its own limits only it alone. */
export function boundService(
  service: Service,
  { levelBytes, ownLimitLevel, ownLimitKind }: Subject,
): void {
  if (ownLimitKind !== 'cgroup' && service.members.size > 1) return
  const roomBytes = ownLimitLevel - levelBytes
  if (!(roomBytes < service.roomBytes)) return
  service.roomBytes = roomBytes
  service.roomKind = ownLimitKind
}

function sumMembers(service: Service, table: ProcessTable): void {
  let anon = 0
  let file = 0
  let shmem = 0
  let swap = 0
  let threads = 0
  let fds = 0
  for (const slot of service.members) {
    anon += finite(table.anonBytes[slot])
    file += finite(table.fileBytes[slot])
    shmem += finite(table.shmemBytes[slot])
    swap += finite(table.swapBytes[slot])
    threads += Math.max(0, table.threads[slot] ?? 0)
    fds += Math.max(0, table.fds[slot] ?? 0)
  }
  service.anonBytes = anon
  service.fileBytes = file
  service.shmemBytes = shmem
  service.swapBytes = swap
  service.threads = threads
  service.fds = fds
}

function finite(value: number | undefined): number {
  return value === undefined || Number.isNaN(value) ? 0 : value
}

function restartHappening(services: Services, service: Service): Happening {
  return {
    kind: 'lifecycle',
    subject: subjectOf(serviceRow(services, service, 0)),
    reason: `${service.name} was restarted: its process was replaced by a new one`,
    data: { what: 'restart', incarnation: service.incarnations },
  }
}

/** Says that the processes of a service were replaced; its series knows it from then on. */
function noteReplacement(
  services: Services,
  service: Service,
  levelBefore: number,
  happenings: Happening[],
): void {
  const ended = service.endedBytes
  service.endedBytes = 0
  if (service.members.size === 0 || ended < REPLACED_SHARE * levelBefore || ended === 0) return
  service.incarnations++
  if (service.series >= 0) restartSeries(services.index.arena, service.series)
  if (service.unit !== null || service.container !== null) {
    happenings.push(restartHappening(services, service))
  }
}

/** Feeds every service's series with the sum of its processes. */
export function tickServices(
  services: Services,
  table: ProcessTable,
  tSec: number,
  hostHeadroomBytes: number,
  gone: SubjectId[],
  happenings: Happening[],
): void {
  const { index, byId } = services
  let empty = 0
  for (const service of byId.values()) {
    if (service.members.size === 0) {
      empty++
      if (Number.isNaN(service.emptySinceSec)) service.emptySinceSec = tSec
      if (tSec - service.emptySinceSec > REMEMBER_SEC || empty > MAX_EMPTY) {
        byId.delete(service.id)
        releaseSlot(index, service.id)
        if (service.isShown) gone.push(service.id)
      }
      continue
    }
    service.emptySinceSec = Number.NaN
    const before = service.levelBytes
    noteReplacement(services, service, before, happenings)
    sumMembers(service, table)
    const level = service.anonBytes + service.shmemBytes + service.swapBytes
    service.ownLimitLevel = level + service.roomBytes
    service.ownLimitKind = service.roomKind
    service.roomBytes = Number.POSITIVE_INFINITY
    feedSubject(index, service, tSec, level, hostHeadroomBytes)
    const rising = isRising(stateOf(index, service))
    if (rising && service.incarnations > 1) service.isShown = true
    if (rising) service.isChanged = true
  }
}

/** The row of a service: its processes taken together. */
export function serviceRow(
  { index }: Services,
  service: Service,
  hostHeadroomBytes: number,
): SubjectRow {
  return {
    id: service.id,
    kind: 'service',
    name: service.name,
    pid: null,
    startTicks: null,
    uid: null,
    serviceId: null,
    cgroup: service.cgroup === '' ? null : service.cgroup,
    unit: service.unit,
    container: service.container,
    processes: service.members.size,
    levelBytes: Number.isNaN(service.levelBytes) ? 0 : service.levelBytes,
    anonBytes: service.anonBytes,
    fileBytes: service.fileBytes,
    shmemBytes: service.shmemBytes,
    swapBytes: service.swapBytes,
    threads: service.threads,
    fds: service.fds,
    limit: tightestLimit(service, hostHeadroomBytes),
    verdict: verdictOf(index, service),
  }
}
