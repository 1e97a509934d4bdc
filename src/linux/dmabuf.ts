/** @module dma-buf: buffers that devices share, which belong to no process' memory. */
import { readdirSync } from 'node:fs'
import type { Missing } from '../core/procfs/records.ts'
import { asciiBytes, parseDecimal, skipWord, startsWith } from '../core/procfs/scan.ts'
import { forEachFileLine } from './file-lines.ts'
import { DENIED, readOnce } from './files.ts'

export interface Dmabuf {
  /** `null`: cannot be told here. */
  readBytes(): number | null
  missing(): Missing[]
}

/** More are not read one by one; the rest counts as the mean of these. */
const MAX_BUFFERS = 512
const TOTAL = asciiBytes('Total ')

/** The sum of /sys/kernel/dmabuf/buffers/INODE/size (CONFIG_DMABUF_SYSFS_STATS, since 5.13). */
function readSysfs(directory: string, buffer: Uint8Array): number | null {
  let names: string[]
  try {
    names = readdirSync(directory)
  } catch {
    return null
  }
  let bytes = 0
  let counted = 0
  for (const name of names.slice(0, MAX_BUFFERS)) {
    const length = readOnce(`${directory}/${name}/size`, buffer)
    const size = length > 0 ? parseDecimal(buffer, 0, length) : Number.NaN
    if (Number.isNaN(size)) continue
    bytes += size
    counted++
  }
  return counted === 0 ? 0 : (bytes / counted) * names.length
}

/** `Total N objects, M bytes` at the end of debugfs' list (drivers/dma-buf/dma-buf.c). */
function readDebugfs(path: string, buffer: Uint8Array): number {
  let bytes = Number.NaN
  const code = forEachFileLine(path, buffer, (start, end) => {
    if (!startsWith(buffer, start, end, TOTAL)) return
    let at = start
    for (let word = 0; word < 3; word++) at = skipWord(buffer, at, end) + 1
    bytes = parseDecimal(buffer, at, end)
  })
  return code < 0 ? code : bytes
}

export function openDmabuf(sysRoot: string): Dmabuf {
  const buffer = new Uint8Array(16 * 1024)
  let isKnown = true
  let isDenied = false

  return {
    readBytes() {
      const bySysfs = readSysfs(`${sysRoot}/kernel/dmabuf/buffers`, buffer)
      const bytes = bySysfs ?? readDebugfs(`${sysRoot}/kernel/debug/dma_buf/bufinfo`, buffer)
      isKnown = bytes >= 0
      isDenied = bytes === DENIED
      return isKnown ? bytes : null
    },
    missing() {
      if (isKnown) return []
      const why = isDenied
        ? 'needs root: debugfs is not for others'
        : 'this kernel has no CONFIG_DMABUF_SYSFS_STATS, and debugfs is not mounted or has no dma_buf'
      return [{ what: 'dma-buf memory', why }]
    },
  }
}
