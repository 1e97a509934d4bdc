/** @module All that is told of a host, as page and document have it. */
import type { Examination } from '../../../core/console/examine.ts'
import type { Facts } from '../../../core/console/facts.ts'
import type { Remedy } from '../../../core/console/remedies.ts'
import type { Verdict } from '../../../core/console/verdict.ts'

export interface Told {
  readonly facts: Facts
  readonly verdict: Verdict
  /** `null`: a report's cost cannot be counted here. */
  readonly remedies: readonly Remedy[] | null
  readonly examination: Examination
}
