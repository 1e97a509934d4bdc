/** @module Every pool of the host besides its processes, in one bounded list. */
import type { HostRow, Missing, PoolRow } from '../core/procfs/records.ts'
import type { Cgroups } from './cgroups.ts'
import { openDmabuf } from './dmabuf.ts'
import { openKernelTags } from './kernel-tags.ts'
import type { Mounts } from './mounts.ts'
import { openSlabCaches } from './slab-caches.ts'
import { ALL_SEGMENTS, openSysvShm } from './sysv-shm.ts'
import { openTmpfsMounts } from './tmpfs.ts'

export interface Pools {
  /** Cost: some ms on a busy host; docs/sampling.md has it by source. */
  read(host: HostRow | undefined, nowMs: number): PoolRow[]
  /** As the pools were last read. `null`: cannot be told here. */
  readonly dmabufBytes: number | null
  readonly bpfBytes: number | null
  missing(): Missing[]
}

export interface PoolsOptions {
  readonly procRoot: string
  readonly sysRoot: string
  readonly pageSize: number
}

/** shmem that is in no mount and no segment: memfd, graphics, other namespaces' mounts. */
const OTHER_SHMEM = 'memfd and other shmem'

function kernelRow(name: string, usedBytes: number | null): PoolRow[] {
  if (usedBytes === null || Number.isNaN(usedBytes)) return []
  return [{ kind: 'kernel', name, usedBytes, limitBytes: null }]
}

/** The kernel's own memory by name, and what has no name. What is unknown has no row. */
export function kernelRows(host: HostRow): PoolRow[] {
  return [
    ...kernelRow('unreclaimable slab', host.slabUnreclaimableBytes),
    ...kernelRow('vmalloc', host.vmallocBytes),
    ...kernelRow('page tables', host.pageTablesBytes),
    ...kernelRow('kernel stacks', host.kernelStackBytes),
    ...kernelRow('percpu', host.percpuBytes),
    ...kernelRow('sockets', host.socketBytes),
    ...kernelRow('hugepages', host.hugepagesBytes),
    ...kernelRow('dma-buf', host.dmabufBytes),
    ...kernelRow('BPF', host.bpfBytes),
    ...kernelRow('unaccounted', host.unaccountedBytes),
  ]
}

/** Without swap only: mounts and segments count what is swapped, meminfo's Shmem does not. */
export function otherShmem(host: HostRow, shared: readonly PoolRow[]): PoolRow[] {
  if (host.swapTotalBytes > 0) return []
  const named = shared
    .filter(({ kind, name }) => kind === 'tmpfs' || name === ALL_SEGMENTS)
    .reduce((sum, { usedBytes }) => sum + usedBytes, 0)
  const usedBytes = Math.max(0, host.shmemBytes - named)
  return [{ kind: 'shm', name: OTHER_SHMEM, usedBytes, limitBytes: null }]
}

export function openPools(options: PoolsOptions, cgroups: Cgroups, mounts: Mounts): Pools {
  const { procRoot, sysRoot, pageSize } = options
  const tmpfs = openTmpfsMounts(mounts)
  const shm = openSysvShm(procRoot)
  const slabs = openSlabCaches(procRoot, sysRoot, pageSize)
  const tags = openKernelTags(procRoot, pageSize)
  const dmabuf = openDmabuf(sysRoot)
  let dmabufBytes: number | null = null

  return {
    read(host, nowMs) {
      dmabufBytes = dmabuf.readBytes()
      const tagRows = tags.readRows(nowMs)
      const shared = [...tmpfs.readRows(nowMs), ...shm.readRows()]
      const known = host && { ...host, dmabufBytes, bpfBytes: tags.bpfBytes() }
      return [
        ...cgroups.rows(),
        ...shared,
        ...(known === undefined ? [] : otherShmem(known, shared)),
        ...slabs.readRows(),
        ...(known === undefined ? [] : kernelRows(known)),
        ...tagRows,
      ]
    },
    get dmabufBytes() {
      return dmabufBytes
    },
    get bpfBytes() {
      return tags.bpfBytes()
    },
    missing: () =>
      [mounts, tmpfs, shm, slabs, tags, dmabuf, cgroups].flatMap((source) => source.missing()),
  }
}
