/** @module What a cgroup's path says of who made it: a systemd unit, a container, a pod. */

export type ContainerRuntime =
  | 'docker'
  | 'containerd'
  | 'crio'
  | 'podman'
  | 'lxc'
  | 'machine'
  | 'unknown'

export interface ContainerRef {
  readonly runtime: ContainerRuntime
  /** 64 hex digits, or the name where the runtime has nothing else (lxc, systemd-nspawn). */
  readonly id: string
  /** Kubernetes' uid of the pod, with dashes. */
  readonly podUid: string | null
}

export interface CgroupOwner {
  /** systemd service, inside of the container where it is in one. A user session's scope is none. */
  readonly unit: string | null
  /** Whose service manager runs the unit; `null`: the host's. */
  readonly userId: string | null
  readonly container: ContainerRef | null
  /** The path without what has another name at the next start: scopes and what is below them. */
  readonly stablePath: string
}

/** `docker-ID.scope`, `cri-containerd-ID.scope`, `UNIT.slice:crio:ID`, or the id alone. */
const CONTAINER_ID = /^(?:(?:.*:)?([a-z_-]+)[-:])?([0-9a-f]{64})(?:\.scope)?$/
const POD_UID =
  /pod([0-9a-f]{8}([-_])[0-9a-f]{4}\2[0-9a-f]{4}\2[0-9a-f]{4}\2[0-9a-f]{12})(?:\.slice|:|$)/
const USER_MANAGER = /^user@(\d+)\.service$/
const LXC_PAYLOAD = /^lxc\.payload\.(.+)$/
/** machine-NAME.scope (machined's) and systemd-nspawn@NAME.service. */
const MACHINE = /^(?:machine-(.+)\.scope|systemd-nspawn@(.+)\.service)$/

/** A map: anybody may name a directory `constructor`. */
const RUNTIME_BY_PREFIX: ReadonlyMap<string, ContainerRuntime> = new Map([
  ['docker', 'docker'],
  ['cri-containerd', 'containerd'],
  ['nerdctl', 'containerd'],
  ['crio', 'crio'],
  ['libpod', 'podman'],
])

/** systemd writes `-` and others as `\xNN` in the names of units (systemd.unit(5)). */
function unescapeUnit(name: string): string {
  return name.replace(/\\x([0-9a-f]{2})/g, (_, hex) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  )
}

function parseContainer(part: string, above: string): Omit<ContainerRef, 'podUid'> | null {
  const [, prefix = above, id] = CONTAINER_ID.exec(part) ?? []
  // conmon is the runtime's own watcher beside the container.
  if (id !== undefined && !prefix.includes('conmon')) {
    return { runtime: RUNTIME_BY_PREFIX.get(prefix) ?? 'unknown', id }
  }
  if (above === 'lxc' || above === 'lxc.payload') return { runtime: 'lxc', id: part }
  const payload = LXC_PAYLOAD.exec(part)?.[1]
  if (payload !== undefined) return { runtime: 'lxc', id: payload }
  const [, byScope, byService] = MACHINE.exec(part) ?? []
  const machine = byScope ?? byService
  return machine === undefined ? null : { runtime: 'machine', id: unescapeUnit(machine) }
}

/**
 * Reads a path of proc_pid_cgroup(5), whatever wrote it: systemd, cgroupfs drivers, cgroups 1 or 2.
 * The deepest name wins, since managers nest: a container's own systemd has units below it.
 */
export function parseCgroupPath(path: string): CgroupOwner {
  const parts = path.replace(/ \(deleted\)$/, '').split('/')
  const stable: string[] = []
  let unit: string | null = null
  let userId: string | null = null
  let container: Omit<ContainerRef, 'podUid'> | null = null
  let podUid: string | null = null
  let above = ''
  for (const part of parts) {
    podUid = POD_UID.exec(part)?.[1]?.replaceAll('_', '-') ?? podUid
    const found = parseContainer(part, above)
    above = part
    if (found !== null) {
      // What stands above it is the runtime's own service.
      container = found
      unit = null
      userId = null
    } else if (part.endsWith('.service')) {
      userId = USER_MANAGER.exec(part)?.[1] ?? userId
      unit = part
    } else if (part.endsWith('.scope') && part !== 'init.scope') {
      unit = null
      break
    }
    stable.push(part)
  }
  return {
    unit,
    userId: unit === null || USER_MANAGER.test(unit) ? null : userId,
    container: container === null ? null : { ...container, podUid },
    stablePath: stable.join('/') || '/',
  }
}
