/**
 * @module Numbers for people. Memory is in IEC units (the kernel and allocators count in powers of
 * two); what is unknown says so.
 */
import { DAY_SEC, HOUR_SEC, MINUTE_SEC } from './units.ts'

const IEC = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const

/** What stands for a figure that could not be read or does not apply. */
export const UNKNOWN = 'unknown'

/** `1536` is `1.5 KiB`; at most three significant digits, one decimal. `null` is `unknown`. */
export function formatBytes(value: number | null): string {
  if (value === null || Number.isNaN(value)) return UNKNOWN
  const sign = value < 0 ? '-' : ''
  let rest = Math.abs(value)
  let unit = 0
  // 1023.95 would print as 1024.0 of the smaller unit.
  while (rest >= (unit === 0 ? 1024 : 1023.95) && unit < IEC.length - 1) {
    rest /= 1024
    unit++
  }
  const digits = unit === 0 || rest >= 99.95 ? rest.toFixed(0) : rest.toFixed(1)
  return `${sign}${digits} ${IEC[unit]}`
}

/** Bytes per second in the unit of time that gives a readable figure: `12 MiB/h`, `3.4 MiB/s`. */
export function formatRate(bytesPerSec: number | null): string {
  if (bytesPerSec === null || Number.isNaN(bytesPerSec)) return UNKNOWN
  const sign = bytesPerSec < 0 ? '-' : '+'
  const rate = Math.abs(bytesPerSec)
  if (rate >= 1024 * 1024) return `${sign}${formatBytes(rate)}/s`
  if (rate * MINUTE_SEC >= 1024 * 1024) return `${sign}${formatBytes(rate * MINUTE_SEC)}/min`
  if (rate * HOUR_SEC >= 1024 * 1024) return `${sign}${formatBytes(rate * HOUR_SEC)}/h`
  return `${sign}${formatBytes(rate * DAY_SEC)}/day`
}

/** Two units at most: `45 s`, `12 min`, `3 h 20 min`, `31 h`, `12 d`, `2 y`. */
export function formatDuration(seconds: number | null): string {
  if (seconds === null || Number.isNaN(seconds)) return UNKNOWN
  if (!Number.isFinite(seconds)) return 'never'
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 100) return `${whole} s`
  if (whole < 100 * MINUTE_SEC) return `${Math.round(whole / MINUTE_SEC)} min`
  if (whole < 10 * HOUR_SEC) {
    const hours = Math.floor(whole / HOUR_SEC)
    const minutes = Math.floor((whole % HOUR_SEC) / MINUTE_SEC)
    return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`
  }
  if (whole < 72 * HOUR_SEC) return `${Math.round(whole / HOUR_SEC)} h`
  if (whole < 730 * DAY_SEC) return `${Math.round(whole / DAY_SEC)} d`
  return `${Math.round(whole / (365.25 * DAY_SEC))} y`
}

/** A fraction from 0 to 1 as `12 %`. */
export function formatPercent(fraction: number | null): string {
  if (fraction === null || Number.isNaN(fraction)) return UNKNOWN
  const percent = fraction * 100
  return `${percent !== 0 && Math.abs(percent) < 9.95 ? percent.toFixed(1) : percent.toFixed(0)} %`
}
