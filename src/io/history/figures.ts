/** @module A host row's figures, in the order of HOST_COLUMNS. */
import type { HostRow } from '../../core/procfs/records.ts'

export function hostFigures(host: HostRow): (number | null)[] {
  const kernel =
    host.pageTablesBytes +
    host.kernelStackBytes +
    (host.vmallocBytes ?? 0) +
    (host.percpuBytes ?? 0) +
    (host.socketBytes ?? 0)
  return [
    host.anonBytes,
    host.fileBytes,
    host.shmemBytes,
    host.slabReclaimableBytes + host.slabUnreclaimableBytes,
    kernel,
    host.hugepagesBytes,
    host.unaccountedBytes,
    host.memFreeBytes,
    host.swapTotalBytes - host.swapFreeBytes,
    host.psi?.someAvg10Pct ?? null,
    host.psi?.fullAvg10Pct ?? null,
  ]
}
