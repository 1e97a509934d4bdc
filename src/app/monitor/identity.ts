/** @module Which service a process belongs to: what of it is the same after a restart. */
import type { ContainerRef } from '../../core/procfs/cgroup-path.ts'
import { parseCgroupPath } from '../../core/procfs/cgroup-path.ts'

/** A service by the name that survives a restart. */
export interface ServiceIdentity {
  readonly name: string
  /** Equal for what is one service: names alone do not tell two programs in two places apart. */
  readonly key: string
  readonly unit: string | null
  readonly container: string | null
}

/** What is known of a process. */
export interface Whereabouts {
  /** Path in the hierarchy that accounts memory, and in the one of systemd's units; '' unknown. */
  readonly cgroup: string
  readonly unitCgroup: string
  /** `nginx`, `node server.js`. */
  readonly program: string
}

type NameContainer = (container: ContainerRef) => string | undefined

const SHORT_ID = 12
/** Of a pod's uid: enough to tell the pods of a host apart. */
const SHORT_UID = 8

function shownName(container: ContainerRef, nameContainer: NameContainer): string {
  return nameContainer(container) ?? container.id.slice(0, SHORT_ID)
}

/** A container of a pod gets another id when it is restarted; the pod and the program stay. */
function lastingName(
  container: ContainerRef,
  program: string,
  nameContainer: NameContainer,
): string {
  const name = nameContainer(container)
  if (name !== undefined || container.podUid === null) return shownName(container, nameContainer)
  return `pod ${container.podUid.slice(0, SHORT_UID)}/${program}`
}

/** The unit, container or program in a cgroup. */
export function identifyService(
  { cgroup, unitCgroup, program }: Whereabouts,
  nameContainer: NameContainer,
): ServiceIdentity {
  // With version 1 either may stay at `/` while the other tells.
  const owners = [unitCgroup, cgroup].map(parseCgroupPath)
  const owner =
    owners.find(({ container }) => container !== null) ?? owners.find(({ unit }) => unit !== null)
  const unit = owner?.unit ?? null
  if (owner?.container) {
    const lasting = lastingName(owner.container, program, nameContainer)
    const name = unit === null ? lasting : `${lasting}/${unit}`
    const container = shownName(owner.container, nameContainer)
    return { name, key: name, unit, container }
  }
  if (unit !== null) {
    const userId = owner?.userId ?? null
    // Two users run units of one name, and the host may have a third.
    const name = userId === null ? unit : `user@${userId}/${unit}`
    return { name, key: name, unit, container: null }
  }
  const place = owners.find(({ stablePath }) => stablePath !== '/')?.stablePath ?? ''
  return { name: program, key: `${program}@${place}`, unit: null, container: null }
}

/** The unit and container that a cgroup is of. */
export function identifyCgroup(
  path: string,
  nameContainer: NameContainer,
): Pick<ServiceIdentity, 'unit' | 'container'> {
  const { unit, container } = parseCgroupPath(path)
  return { unit, container: container === null ? null : shownName(container, nameContainer) }
}
