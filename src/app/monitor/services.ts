/**
 * @module Services as subjects: what survives the restart of its processes. A systemd unit, a
 * container, or else the same program in the same cgroup.
 */
import { restartSeries } from '../../core/leak/detector.ts'
import { headerAt } from '../../core/leak/ladder.ts'
import type { LeakState, Verdict } from '../../core/leak/records.ts'
import { FIELD } from '../../core/leak/slab.ts'
import type { ProcessTable } from '../../core/procfs/records.ts'
import { subjectOf } from '../../core/wire/event-subject.ts'
import type { LimitRow, SubjectId, SubjectRow } from '../../core/wire/records.ts'
import type { ServiceIdentity } from './identity.ts'
import type { SeriesIndex } from './series-index.ts'
import { releaseSlot } from './series-index.ts'
import type { ServiceFigures, SharedBounds } from './service-figures.ts'
import { NO_FIGURES, sumMembers } from './service-figures.ts'
import type { Subject } from './subject.ts'
import {
  createSubject,
  feedSubject,
  isRising,
  isSuspect,
  stateOf,
  tightestLimit,
  UNJUDGED,
  verdictOf,
} from './subject.ts'
import type { Happening } from './verdict-events.ts'
import { endedHappening } from './verdict-events.ts'

export interface Service extends Subject, ServiceFigures {
  readonly name: string
  readonly unit: string | null
  readonly container: string | null
  /** Where its newest process is: a container that is started anew has another. */
  cgroup: string
  /** Whether it is told of: a unit, a container, or a program that has several processes or had. */
  isShown: boolean
  readonly members: Set<number>
  /** The slot of its oldest process, which stands for the service: its end is a restart. */
  mainSlot: number
  isMainReplaced: boolean
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

/** A unit or container without a process is shown for this long: most restarts take less. */
const SHOW_EMPTY_SEC = 10
/** ... and any service is remembered this long, so that it goes on where it stopped if it comes back. */
const REMEMBER_SEC = 600
/** Programs without a unit that come and go (compilers in a build) would fill this without end. */
const MAX_EMPTY = 256
/** When members that held this share of the level end at once, its process was replaced. */
const REPLACED_SHARE = 0.5

const ENDED: Verdict = { ...UNJUDGED, state: 'harmless', reason: 'ended' }

export function createServices(index: SeriesIndex): Services {
  return { index, byId: new Map() }
}

function isNamed({ unit, container }: Pick<ServiceIdentity, 'unit' | 'container'>): boolean {
  return unit !== null || container !== null
}

/** The service of a process; a new one where it is the first. */
export function joinService(
  services: Services,
  { name, key, unit, container }: ServiceIdentity,
  cgroup: string,
  slot: number,
): Service {
  const id = `service:${key}`
  let service = services.byId.get(id)
  if (service === undefined) {
    service = {
      ...createSubject(services.index, id, 'service'),
      name,
      unit,
      container,
      cgroup,
      isShown: false,
      members: new Set(),
      mainSlot: slot,
      isMainReplaced: false,
      ...NO_FIGURES,
      roomBytes: Number.POSITIVE_INFINITY,
      roomKind: 'host',
      endedBytes: 0,
      emptySinceSec: Number.NaN,
      incarnations: 1,
    }
    services.byId.set(id, service)
  }
  if (service.members.size === 0) service.mainSlot = slot
  service.members.add(slot)
  service.cgroup = cgroup
  if (isNamed(service) || service.members.size > 1) service.isShown = true
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
  if (process.slot === service.mainSlot) service.isMainReplaced = true
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

function restartHappening(services: Services, service: Service): Happening {
  return {
    kind: 'lifecycle',
    subject: subjectOf(serviceRow(services, service, 0)),
    reason: `${service.name} was restarted: its process was replaced by a new one`,
    data: { what: 'restart', incarnation: service.incarnations },
  }
}

/**
 * Notes that most of a service was replaced: its series knows it from then on. That it was restarted is
 * said where its main process is another, not of one that runs a child after the other.
 */
function noteReplacement(
  services: Services,
  service: Service,
  table: ProcessTable,
  happenings: Happening[],
): void {
  const ended = service.endedBytes
  const isMainReplaced = service.isMainReplaced
  service.endedBytes = 0
  service.isMainReplaced = false
  if (isMainReplaced) service.mainSlot = oldestOf(service.members, table)
  if (ended < REPLACED_SHARE * service.levelBytes || ended === 0) return
  service.incarnations++
  if (service.series >= 0) restartSeries(services.index.arena, service.series)
  if (isMainReplaced && isNamed(service)) happenings.push(restartHappening(services, service))
}

function oldestOf(members: ReadonlySet<number>, table: ProcessTable): number {
  let oldest = -1
  for (const slot of members) {
    if (oldest < 0 || ticksOf(table, slot) < ticksOf(table, oldest)) oldest = slot
  }
  return oldest
}

function ticksOf({ startTicks }: ProcessTable, slot: number): number {
  return startTicks[slot] ?? Number.POSITIVE_INFINITY
}

/** What is judged of it now: without a process it holds nothing, whatever is remembered of it. */
export function serviceState({ index }: Services, service: Service): LeakState {
  return isEmpty(service) ? 'harmless' : stateOf(index, service)
}

function isEmpty({ members }: Pick<Service, 'members'>): boolean {
  return members.size === 0
}

/** The last process ended: its leak, where one was told, ended with it. */
function endService(
  services: Services,
  service: Service,
  tSec: number,
  happenings: Happening[],
): void {
  service.emptySinceSec = tSec
  if (service.isShown && isSuspect(service.toldState)) {
    const row = rowOf(service, 0, verdictOf(services.index, service))
    happenings.push(endedHappening(row, service.toldState))
  }
  service.toldState = 'harmless'
  Object.assign(service, NO_FIGURES)
  service.levelBytes = 0
  service.roomBytes = Number.POSITIVE_INFINITY
  service.ownLimitLevel = Number.POSITIVE_INFINITY
  service.ownLimitKind = 'host'
  service.isChanged = true
}

function hide(service: Service, gone: SubjectId[]): void {
  if (!service.isShown) return
  service.isShown = false
  gone.push(service.id)
}

/** Whether what is told of its growth is of the processes that it has now, not of earlier ones. */
function isFresh({ arena }: SeriesIndex, { series }: Service): boolean {
  if (series < 0) return true
  const at = headerAt(series)
  const read = (field: number): number => arena.doubles[at + field] as number
  return read(FIELD.sinceSec) > read(FIELD.startSec) - 2 * read(FIELD.bucketSec)
}

/** Feeds every service's series with the sum of its processes. */
export function tickServices(
  services: Services,
  table: ProcessTable,
  tSec: number,
  host: SharedBounds,
  hostHeadroomBytes: number,
  gone: SubjectId[],
  happenings: Happening[],
): void {
  const { index, byId } = services
  let empty = 0
  for (const service of byId.values()) {
    if (isEmpty(service)) {
      empty++
      if (Number.isNaN(service.emptySinceSec)) endService(services, service, tSec, happenings)
      const emptySec = tSec - service.emptySinceSec
      const isForgotten = emptySec > REMEMBER_SEC || empty > MAX_EMPTY
      if (isForgotten || !isNamed(service) || emptySec > SHOW_EMPTY_SEC) hide(service, gone)
      if (isForgotten) {
        byId.delete(service.id)
        releaseSlot(index, service.id)
      }
      continue
    }
    service.emptySinceSec = Number.NaN
    noteReplacement(services, service, table, happenings)
    sumMembers(service, table, host)
    const level = service.anonBytes + service.shmemBytes + service.swapBytes
    service.ownLimitLevel = level + service.roomBytes
    service.ownLimitKind = service.roomKind
    service.roomBytes = Number.POSITIVE_INFINITY
    feedSubject(index, service, tSec, level, hostHeadroomBytes)
    const rising = isRising(stateOf(index, service))
    if (rising && service.incarnations > 1 && isFresh(index, service)) service.isShown = true
    if (rising) service.isChanged = true
  }
}

/**
 * Whether a change of its verdict is a story of its own. One process that was told of says it all; and
 * what was found in processes before is told again once the present ones show it.
 */
export function isOwnStory(
  { index }: Services,
  service: Service,
  isProcessTold: (slot: number) => boolean,
): boolean {
  const [only] = service.members
  const isSingle = service.members.size === 1 && only !== undefined
  if (isSingle && isProcessTold(only)) return false
  return !isSuspect(stateOf(index, service)) || isFresh(index, service)
}

/** The row of a service: its processes taken together. */
export function serviceRow(
  services: Services,
  service: Service,
  hostHeadroomBytes: number,
): SubjectRow {
  const verdict = verdictOf(services.index, service)
  return rowOf(service, hostHeadroomBytes, isEmpty(service) ? ENDED : verdict)
}

function rowOf(service: Service, hostHeadroomBytes: number, verdict: Verdict): SubjectRow {
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
    verdict,
  }
}
