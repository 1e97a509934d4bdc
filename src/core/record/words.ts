/** @module What is wrong with a recorder's file, in words. */
import type { RecoveredRing } from './records.ts'
import { isCutShort } from './recover.ts'

function count(number: number, one: string, many: string): string {
  return number === 1 ? `one ${one}` : `${number} ${many}`
}

function countBytes(bytes: number): string {
  return bytes.toLocaleString('en')
}

/** Each fault as a clause; none: all that was written is there. */
export function damageClauses(ring: RecoveredRing): readonly string[] {
  const { torn, stale, missing, foreign } = ring.counts
  const { incomplete, breaks } = ring
  const headersLost = 2 - ring.headersWhole
  const faults: readonly (readonly [number, string, string])[] = [
    [torn, 'slot is torn', 'slots are torn'],
    [missing, 'slot is missing', 'slots are missing'],
    [stale, 'slot is stale', 'slots are stale'],
    [foreign, 'slot is of something else', 'slots are of something else'],
    [incomplete, 'record has lost a part', 'records have lost a part'],
    [breaks, 'slot does not follow the one before', 'slots do not follow the one before'],
    [headersLost, 'header is not whole', 'headers are not whole'],
  ]
  const cut = `the file is ${countBytes(ring.fileBytes)} of ${countBytes(ring.fullBytes)} bytes, cut short`
  return [
    ...(isCutShort(ring) ? [cut] : []),
    ...faults.filter(([number]) => number > 0).map((fault) => count(...fault)),
  ]
}
