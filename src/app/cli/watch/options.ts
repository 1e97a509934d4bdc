/** @module What `plimsoll watch` was asked for, checked. */
import { PlimsollError } from '../../../base/errors.ts'
import { parseDurationMs } from '../../../base/parse-units.ts'
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
  /** Each as a filter. */
  readonly except: readonly string[]
}

const MIN_INTERVAL_MS = 100
const MAX_TIMER_MS = 2 ** 31 - 1

function parseDuration(option: string, text: string): number {
  const ms = parseDurationMs(text)
  // Longer than what a timer of Node can wait is as good as for good.
  if (ms !== undefined && ms > 0) return Math.min(ms, MAX_TIMER_MS)
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

/** Of an option that may be given several times. */
export function parseExcept(text: string, before: readonly string[]): readonly string[] {
  if (text.trim() !== '') return [...before, text]
  throw new PlimsollError('PLM_USAGE', '--except expects words, got none: it would except all')
}

export function parseSort(text: string): SortKey {
  const key = SORT_KEYS.find((candidate) => candidate === text)
  if (key !== undefined) return key
  throw new PlimsollError(
    'PLM_USAGE',
    `--sort expects ${SORT_KEYS.join(', ')}, got ${JSON.stringify(text)}`,
  )
}
