/**
 * @module The families that the detector is scored on. They were written from how programs use memory,
 * without running a detector over them, and no constant is tuned on them: whoever changes the detector
 * uses `lab/traces/practice` and `lab/traces/seen`, and reads of these the report alone.
 */
import type { TraceFamily } from '../labelled.ts'
import { CACHES } from './caches.ts'
import { LEAKS_BY_PLACE } from './leaks-by-place.ts'
import { LEAKS_BY_RUNTIME } from './leaks-by-runtime.ts'
import { LEAKS_BY_WORK } from './leaks-by-work.ts'
import { RUNTIMES } from './runtimes.ts'
import { SERVICES } from './services.ts'
import { WORK } from './work.ts'

export const SCORED_FAMILIES: readonly TraceFamily[] = [
  ...CACHES,
  ...RUNTIMES,
  ...SERVICES,
  ...WORK,
  ...LEAKS_BY_WORK,
  ...LEAKS_BY_RUNTIME,
  ...LEAKS_BY_PLACE,
]
