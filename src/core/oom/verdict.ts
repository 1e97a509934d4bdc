/** @module What may be said of a report: who was at fault, and what had the memory. */

export const VERDICT_CLASSES = [
  'guilty',
  'innocent',
  'no-single-culprit',
  'not-a-process',
  'unknown',
] as const
export type VerdictClass = (typeof VERDICT_CLASSES)[number]
export type Cause =
  | 'process-leak'
  | 'many-processes'
  | 'shmem'
  | 'kernel-memory'
  | 'hugetlb'
  | 'cgroup-limit'
  | 'page-cache'
  | 'fragmentation'
  | 'constraint'
  | 'manual'
  | 'not-a-shortage'
  | 'unaccounted'
  | 'unknown'

export interface Verdict {
  readonly verdict: VerdictClass
  readonly cause: Cause
  /** Whether the killed held no more than others; `null` where nobody was killed or it cannot be told. */
  readonly isInnocent: boolean | null
  /** A process' name, or what held the memory. */
  readonly culprit: string | null
  readonly reason: string
}
