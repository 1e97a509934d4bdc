/** @module Units of memory and time: memory counts by 1024, as the kernel does (its "kB" is KiB). */

export const KIB = 1024
export const MIB = 1024 * KIB
export const GIB = 1024 * MIB

export const SECOND_MS = 1000
export const MINUTE_SEC = 60
export const HOUR_SEC = 3600
export const DAY_SEC = 86_400
/** The last moment that has a date (ECMA-262, Time Range), in ms since 1970. */
export const LAST_DATE_MS = 8.64e15
