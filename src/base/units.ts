/**
 * @module Units of the kernel's interfaces. The kernel's "kB" (/proc/meminfo, /proc/PID/status) is
 * KiB; pages have the size that the running kernel states, never an assumed 4096.
 */
import type { Brand } from './brand.ts'

export type Bytes = Brand<number, 'bytes'>
export type Pages = Brand<number, 'pages'>
export type Millis = Brand<number, 'ms'>

export const KIB = 1024
export const MIB = 1024 * KIB
export const GIB = 1024 * MIB

export const SECOND_MS = 1000
export const MINUTE_SEC = 60
export const HOUR_SEC = 3600
export const DAY_SEC = 86_400
/** The last moment that has a date (ECMA-262, Time Range), in ms since 1970. */
export const LAST_DATE_MS = 8.64e15

export function bytes(count: number): Bytes {
  return count as Bytes
}

export function pages(count: number): Pages {
  return count as Pages
}

export function millis(count: number): Millis {
  return count as Millis
}

/** @param pageSize bytes a page, as the auxiliary vector states it (AT_PAGESZ, getauxval(3)) */
export function pagesToBytes(count: Pages, pageSize: Bytes): Bytes {
  return (count * pageSize) as Bytes
}

/** The kernel's "kB", which counts 1024 bytes. */
export function kibToBytes(kib: number): Bytes {
  return (kib * KIB) as Bytes
}
