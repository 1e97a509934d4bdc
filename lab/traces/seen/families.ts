/**
 * @module Families that the detector was scored on until they were known too well. Its constants may be
 * tuned on them, as on the practice lives; what it is worth is scored on others (`lab/traces/scored`).
 */
import type { TraceFamily } from '../labelled.ts'
import { HIDDEN_LEAKS } from './leaks-hidden.ts'
import { PLAIN_LEAKS } from './leaks-plain.ts'
import { SETTLING } from './settling.ts'
import { STEADY } from './steady.ts'
import { SWINGING } from './swinging.ts'

export const SEEN_FAMILIES: readonly TraceFamily[] = [
  ...STEADY,
  ...SETTLING,
  ...SWINGING,
  ...PLAIN_LEAKS,
  ...HIDDEN_LEAKS,
]
