/** @module Sizes and durations as a person writes them: `256MiB`, `1.5G`, `500ms`, `1s`, `2h`. */
import { DAY_SEC, GIB, HOUR_SEC, KIB, MIB, MINUTE_SEC, SECOND_MS } from './units.ts'

const TIB = 1024 * GIB

/** K, M, G and T count by 1024 in systemd (systemd.resource-control(5)) and in the kernel (lib/cmdline.c, memparse). */
const SIZE_BYTES: Readonly<Record<string, number>> = {
  B: 1,
  KiB: KIB,
  MiB: MIB,
  GiB: GIB,
  TiB: TIB,
  K: KIB,
  M: MIB,
  G: GIB,
  T: TIB,
}

const DURATION_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: SECOND_MS,
  min: MINUTE_SEC * SECOND_MS,
  h: HOUR_SEC * SECOND_MS,
  d: DAY_SEC * SECOND_MS,
}

function parseWithUnit(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const [, digits, unit = ''] = /^(\d{1,15}(?:\.\d{1,6})?) ?([A-Za-z]{1,3})$/.exec(text) ?? []
  if (digits === undefined || !Object.hasOwn(units, unit)) return undefined
  return Math.round(Number(digits) * (units[unit] ?? Number.NaN))
}

/** Bytes; `undefined` for what is no size. Units of 1000 (MB) are refused: memory counts by 1024. */
export function parseSizeBytes(text: string): number | undefined {
  return parseWithUnit(text, SIZE_BYTES)
}

/** Milliseconds; `undefined` for what is no duration. */
export function parseDurationMs(text: string): number | undefined {
  return parseWithUnit(text, DURATION_MS)
}
