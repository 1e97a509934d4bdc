/** @module What `plimsoll watch` was asked for, checked. */
import { PlimsollError } from '../../../base/errors.ts'
import type { SortKey } from './arrange.ts'
import { SORT_KEYS } from './arrange.ts'

/** As commander hands them over. */
export interface WatchFlags {
  readonly once?: true
  readonly json?: true
  readonly own?: true
  readonly socket?: string
  readonly interval?: number
  readonly for?: number
  readonly limit?: number
  readonly sort: SortKey
  readonly filter: string
}

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 }
const MIN_INTERVAL_MS = 100

function parseDuration(option: string, text: string): number {
  const [, digits, unit = ''] = /^(\d{1,6}(?:\.\d{1,3})?)(ms|s|min|h)$/.exec(text) ?? []
  const ms = Number(digits) * (UNIT_MS[unit] ?? Number.NaN)
  if (ms > 0) return ms
  throw new PlimsollError(
    'PLM_USAGE',
    `${option} expects a duration such as 500ms, 2s or 5min, got ${JSON.stringify(text)}`,
  )
}

export function parseInterval(text: string): number {
  const ms = parseDuration('--interval', text)
  if (ms >= MIN_INTERVAL_MS) return ms
  throw new PlimsollError('PLM_USAGE', `--interval expects ${MIN_INTERVAL_MS}ms or more`)
}

export function parseFor(text: string): number {
  return parseDuration('--for', text)
}

export function parseLimit(text: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text)
  throw new PlimsollError(
    'PLM_USAGE',
    `--limit expects a number of rows above 0, got ${JSON.stringify(text)}`,
  )
}

export function parseSort(text: string): SortKey {
  const key = SORT_KEYS.find((candidate) => candidate === text)
  if (key !== undefined) return key
  throw new PlimsollError(
    'PLM_USAGE',
    `--sort expects ${SORT_KEYS.join(', ')}, got ${JSON.stringify(text)}`,
  )
}
