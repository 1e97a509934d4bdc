/**
 * @module The families that the detector is scored on. Its parameters are not tuned on them: whoever
 * changes the detector uses families of his own and reads of these the report alone.
 */
import type { TraceFamily } from '../labelled.ts'
import { HIDDEN_LEAKS } from './leaks-hidden.ts'
import { PLAIN_LEAKS } from './leaks-plain.ts'
import { SETTLING } from './settling.ts'
import { STEADY } from './steady.ts'
import { SWINGING } from './swinging.ts'

export const SCORED_FAMILIES: readonly TraceFamily[] = [
  ...STEADY,
  ...SETTLING,
  ...SWINGING,
  ...PLAIN_LEAKS,
  ...HIDDEN_LEAKS,
]
