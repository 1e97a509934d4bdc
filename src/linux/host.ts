/** @module The host's memory in one row, by kept descriptors: meminfo, pressure, sockets. */
import { emptyMeminfo, type Meminfo, parseMeminfo } from '../core/procfs/meminfo.ts'
import { parsePsi } from '../core/procfs/psi.ts'
import type { HostRow, Missing, PsiRow } from '../core/procfs/records.ts'
import { parseSocketPages } from '../core/procfs/sockstat.ts'
import { closeFile, DENIED, GONE, openFile, readOpen } from './files.ts'
import { openFreeLists } from './free-lists.ts'

/** What no process and no line of meminfo shows, as the pools were last read. */
export interface HostExtras {
  readonly dmabufBytes: number | null
  readonly bpfBytes: number | null
}

export interface HostReader {
  /** The row; `undefined` when meminfo cannot be read. Cost: about 90 us. */
  read(nowMs: number, wallMs: number, processes: number, extras: HostExtras): HostRow | undefined
  missing(): Missing[]
  close(): void
}

function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value
}

/** Kernels before 3.14 have no MemAvailable; free and cache is what they called it. */
function availableBytes(info: Meminfo): number {
  if (!Number.isNaN(info.MemAvailable)) return info.MemAvailable
  return info.MemFree + orZero(info.Buffers) + orZero(info.Cached) - orZero(info.Shmem)
}

export function buildHostRow(
  info: Meminfo,
  about: {
    readonly bootMs: number
    readonly wallMs: number
    readonly processes: number
    readonly socketBytes: number | null
    /** On the CPUs' own lists, beside MemFree. */
    readonly freeListBytes: number
    readonly psi: PsiRow | null
    readonly extras: HostExtras
  },
): HostRow {
  const shmemBytes = orZero(info.Shmem)
  // The kernel counts shmem among Cached, and the swap cache of anonymous pages apart.
  const fileBytes = Math.max(0, orZero(info.Cached) + orZero(info.Buffers) - shmemBytes)
  const row = {
    bootMs: about.bootMs,
    wallMs: about.wallMs,
    memTotalBytes: info.MemTotal,
    memFreeBytes: info.MemFree + about.freeListBytes,
    memAvailableBytes: availableBytes(info),
    swapTotalBytes: orZero(info.SwapTotal),
    swapFreeBytes: orZero(info.SwapFree),
    anonBytes: orZero(info.AnonPages),
    fileBytes,
    shmemBytes,
    slabReclaimableBytes: Number.isNaN(info.KReclaimable)
      ? orZero(info.SReclaimable)
      : info.KReclaimable,
    slabUnreclaimableBytes: orZero(info.SUnreclaim),
    pageTablesBytes: orZero(info.PageTables) + orZero(info.SecPageTables),
    kernelStackBytes: orZero(info.KernelStack),
    vmallocBytes: orNull(info.VmallocUsed),
    percpuBytes: orNull(info.Percpu),
    hugepagesBytes: hugepagesBytes(info),
    socketBytes: about.socketBytes,
    dmabufBytes: about.extras.dmabufBytes,
    bpfBytes: about.extras.bpfBytes,
    processes: about.processes,
    psi: about.psi,
  }
  return { ...row, unaccountedBytes: unaccountedBytes(row, info) }
}

function hugepagesBytes(info: Meminfo): number {
  // Hugetlb (since 4.16) covers every size of huge page, the older pair only the default one.
  if (!Number.isNaN(info.Hugetlb)) return info.Hugetlb
  return orZero(info.HugePages_Total) * orZero(info.Hugepagesize)
}

/**
 * MemTotal less all that has a name. vmalloc's kernel stacks stand in KernelStack already (with
 * CONFIG_VMAP_STACK), BPF's memory in percpu, vmalloc or slab: neither is taken off twice. May be
 * slightly below zero, since per-CPU counters lag; stated as 0 then.
 */
function unaccountedBytes(row: Omit<HostRow, 'unaccountedBytes'>, info: Meminfo): number {
  const vmallocBytes = Math.max(0, (row.vmallocBytes ?? 0) - row.kernelStackBytes)
  const named =
    row.memFreeBytes +
    row.anonBytes +
    row.fileBytes +
    row.shmemBytes +
    orZero(info.SwapCached) +
    row.slabReclaimableBytes +
    row.slabUnreclaimableBytes +
    row.pageTablesBytes +
    row.kernelStackBytes +
    vmallocBytes +
    (row.percpuBytes ?? 0) +
    row.hugepagesBytes +
    (row.dmabufBytes ?? 0) +
    orZero(info.Zswap) +
    orZero(info.Bounce)
  return Math.max(0, row.memTotalBytes - named)
}

/** Opening fails with EOPNOTSUPP where the kernel was built with PSI and started without it. */
function explainPressure(fd: number): Missing[] {
  if (fd >= 0) return []
  const why =
    fd === GONE
      ? 'this kernel has no CONFIG_PSI'
      : fd === DENIED
        ? 'may not be read by this user'
        : 'it is switched off: start the kernel with psi=1'
  return [{ what: 'memory pressure', why }]
}

function explainSockets(fd: number): Missing[] {
  return fd >= 0 ? [] : [{ what: 'socket memory', why: 'net/sockstat cannot be read' }]
}

export function openHostReader(procRoot: string, pageSize: number): HostReader {
  const meminfo = openFile(`${procRoot}/meminfo`)
  const pressure = openFile(`${procRoot}/pressure/memory`)
  const sockets = openFile(`${procRoot}/net/sockstat`)
  const buffer = new Uint8Array(8192)
  const info = emptyMeminfo()
  const freeLists = openFreeLists(procRoot)

  function readPsi(): PsiRow | null {
    const length = pressure < 0 ? -1 : readOpen(pressure, buffer)
    return length <= 0 ? null : (parsePsi(buffer, length) ?? null)
  }

  function readSocketBytes(): number | null {
    const length = sockets < 0 ? -1 : readOpen(sockets, buffer)
    const pages = length <= 0 ? undefined : parseSocketPages(buffer, length)
    return pages === undefined ? null : pages * pageSize
  }

  return {
    read(bootMs, wallMs, processes, extras) {
      const length = meminfo < 0 ? -1 : readOpen(meminfo, buffer)
      if (length <= 0) return undefined
      parseMeminfo(buffer, length, info)
      if (Number.isNaN(info.MemTotal + info.MemFree)) return undefined
      const psi = readPsi()
      const socketBytes = readSocketBytes()
      const freeListBytes = freeLists.readPages(bootMs) * pageSize
      return buildHostRow(info, {
        bootMs,
        wallMs,
        processes,
        socketBytes,
        freeListBytes,
        psi,
        extras,
      })
    },
    missing: () => [
      ...explainPressure(pressure),
      ...explainSockets(sockets),
      ...freeLists.missing(),
    ],
    close() {
      for (const fd of [meminfo, pressure, sockets]) closeFile(fd)
    },
  }
}
