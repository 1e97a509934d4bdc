/** @module What the kernel says of its own allocations: by line of its source, and BPF's. */
import { type AllocTag, isBpf, isKernelOwn, parseAllocLine } from '../core/procfs/allocinfo.ts'
import type { Missing, PoolRow } from '../core/procfs/records.ts'
import { parseBpfBytes } from '../core/procfs/vmallocinfo.ts'
import { forEachFileLine } from './file-lines.ts'
import { DENIED, FAILED, GONE } from './files.ts'

export interface KernelTags {
  /** The largest tags of /proc/allocinfo that no other pool shows. */
  readRows(nowMs: number): PoolRow[]
  /** As of the last `readRows`; `null`: cannot be told here. */
  bpfBytes(): number | null
  missing(): Missing[]
}

const MAX_ROWS = 16
const MIN_BYTES = 1024 * 1024
/**
 * Read seldom: allocinfo sums thousands of counters over all CPUs, and vmallocinfo has a line for
 * each thread's stack, 10 us each.
 */
const AGE_MS = 120_000

function why(code: number, file: string, option: string): string {
  if (code === DENIED) return `needs root: /proc/${file} is not for others`
  return code === GONE ? `this kernel has no ${option}` : `/proc/${file} does not tell`
}

export function openKernelTags(procRoot: string, pageSize: number): KernelTags {
  const buffer = new Uint8Array(64 * 1024)
  let readAtMs = Number.NEGATIVE_INFINITY
  let rows: PoolRow[] = []
  let bpfBytes: number | null = null
  let allocCode = 0
  let vmallocCode = 0

  function readAllocinfo(): void {
    const tags: AllocTag[] = []
    let bpf = 0
    let isCounting = false
    allocCode = forEachFileLine(`${procRoot}/allocinfo`, buffer, (start, end) => {
      const line = parseAllocLine(buffer, start, end, 1)
      if (line === undefined) return
      isCounting = true
      if (isBpf(line.tag)) bpf += line.bytes
      if (line.bytes >= MIN_BYTES && isKernelOwn(line.tag)) tags.push(line)
    })
    // With vm.mem_profiling=0 the file is there, and every counter is zero.
    if (allocCode >= 0 && !isCounting) allocCode = FAILED
    bpfBytes = allocCode > 0 ? bpf : null
    tags.sort((a, b) => b.bytes - a.bytes)
    rows = tags.slice(0, MAX_ROWS).map(({ tag, bytes }) => ({
      kind: 'kernel',
      name: tag,
      usedBytes: bytes,
      limitBytes: null,
    }))
  }

  /** Less than allocinfo: maps and programs that are large enough for vmalloc. */
  function readVmallocinfo(): void {
    let bytes = 0
    vmallocCode = forEachFileLine(`${procRoot}/vmallocinfo`, buffer, (start, end) => {
      bytes += parseBpfBytes(buffer, start, end, pageSize)
    })
    bpfBytes = vmallocCode > 0 ? bytes : null
  }

  return {
    readRows(nowMs) {
      if (nowMs - readAtMs < AGE_MS) return rows
      readAtMs = nowMs
      readAllocinfo()
      if (bpfBytes === null) readVmallocinfo()
      return rows
    },
    bpfBytes: () => bpfBytes,
    missing() {
      const missing: Missing[] = []
      if (allocCode < 0) {
        missing.push({
          what: "the kernel's memory by line of its source",
          why: why(allocCode, 'allocinfo', 'CONFIG_MEM_ALLOC_PROFILING'),
        })
      }
      if (allocCode < 0 && vmallocCode < 0) {
        missing.push({ what: 'BPF memory', why: why(vmallocCode, 'vmallocinfo', 'vmallocinfo') })
      }
      return missing
    },
  }
}
