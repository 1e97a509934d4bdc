/** @module /proc/meminfo: the host's memory by name. */
import { KIB } from '../../base/units.ts'
import { asciiBytes, findByte, NEWLINE, parseDecimal, startsWith } from './scan.ts'

const COLON = 58

/** The lines that are read, by the kernel's own names. All but HugePages_* are in KiB. */
export const MEMINFO_FIELDS = [
  'MemTotal',
  'MemFree',
  'MemAvailable',
  'Buffers',
  'Cached',
  'SwapCached',
  'SwapTotal',
  'SwapFree',
  'Zswap',
  'AnonPages',
  'Shmem',
  'KReclaimable',
  'SReclaimable',
  'SUnreclaim',
  'KernelStack',
  'PageTables',
  'SecPageTables',
  'VmallocUsed',
  'Percpu',
  'Bounce',
  'Hugetlb',
  'HugePages_Total',
  'Hugepagesize',
] as const
export type MeminfoField = (typeof MEMINFO_FIELDS)[number]

const KEYS = MEMINFO_FIELDS.map((field) => asciiBytes(field))

/** Bytes by field (HugePages_Total: pages); overwritten by each parse. NaN: the line is not there. */
export type Meminfo = Record<MeminfoField, number>

export function emptyMeminfo(): Meminfo {
  return Object.fromEntries(MEMINFO_FIELDS.map((field) => [field, Number.NaN])) as Meminfo
}

function findField(bytes: Uint8Array, start: number, colon: number): MeminfoField | undefined {
  for (let index = 0; index < KEYS.length; index++) {
    const key = KEYS[index]
    if (key?.length === colon - start && startsWith(bytes, start, colon, key)) {
      return MEMINFO_FIELDS[index]
    }
  }
  return undefined
}

/**
 * Fills `into`; fields whose line is not there become NaN.
 * @see fs/proc/meminfo.c meminfo_proc_show(), v3.14..v6.18; "kB" is KiB
 */
export function parseMeminfo(bytes: Uint8Array, length: number, into: Meminfo): void {
  for (const field of MEMINFO_FIELDS) into[field] = Number.NaN
  for (let start = 0; start < length; ) {
    const newline = findByte(bytes, NEWLINE, start, length)
    const end = newline < 0 ? length : newline
    const colon = findByte(bytes, COLON, start, end)
    const field = colon < 0 ? undefined : findField(bytes, start, colon)
    if (field !== undefined) {
      const value = parseDecimal(bytes, colon + 1, end)
      into[field] = field === 'HugePages_Total' ? value : value * KIB
    }
    start = end + 1
  }
}
