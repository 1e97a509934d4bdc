/** @module How short memory is: near, or critical. Pressure alone is never enough, and neither is a low level that stands. */
import { formatBytes } from '../../base/format.ts'
import { GIB } from '../../base/units.ts'
import type { HostMemory, Severity, Shortage } from './records.ts'

/** Shares of memory, and what is no danger on a big host whatever its share. */
const NEAR_SHARE = 0.15
const MOST_NEAR_BYTES = 8 * GIB
const CRITICAL_SHARE = 0.1
const MOST_CRITICAL_BYTES = 4 * GIB
/** So little is critical even where it stands still: the next allocation may be the last. */
const LAST_SHARE = 0.03
const MOST_LAST_BYTES = GIB
/** Below the line, a fall that ends the room so soon will end it. */
const LASTS_SEC = 30
/** ... and so soon even above the line, while it is near. */
const GONE_SEC = 1.5
/** A fall that ends the room so soon makes it near, whatever is left. */
const NEAR_LASTS_SEC = 5
/** Below the line, so much of the time in which nobody gets on is an end too (psi.rst, full avg10). */
const STALLED_PCT = 20

export interface Lines {
  readonly nearBytes: number
  readonly criticalBytes: number
  readonly lastBytes: number
}

/** @param totalBytes what programs can have */
export function linesOf(totalBytes: number): Lines {
  return {
    nearBytes: Math.min(totalBytes * NEAR_SHARE, MOST_NEAR_BYTES),
    criticalBytes: Math.min(totalBytes * CRITICAL_SHARE, MOST_CRITICAL_BYTES),
    lastBytes: Math.min(totalBytes * LAST_SHARE, MOST_LAST_BYTES),
  }
}

function severityOf(memory: HostMemory, roomBytes: number, lastsSec: number): Severity {
  const { availableBytes, psiFullPct, totalBytes } = memory
  const { nearBytes, criticalBytes, lastBytes } = linesOf(totalBytes)
  const isStalled = (psiFullPct ?? 0) >= STALLED_PCT
  const isEnding = roomBytes < criticalBytes && (lastsSec < LASTS_SEC || isStalled)
  const isGone = roomBytes < nearBytes && lastsSec < GONE_SEC
  // With swap left nothing has ended, and still nobody gets on: what is used is swapped in and out.
  const isThrashing = availableBytes < lastBytes && isStalled
  if (isEnding || isGone || isThrashing || roomBytes < lastBytes) return 'critical'
  return roomBytes < nearBytes || lastsSec < NEAR_LASTS_SEC ? 'near' : 'calm'
}

/** Figures that could not be read (NaN) are no shortage. */
export function judgeShortage(memory: HostMemory): Shortage {
  const { availableBytes, swapFreeBytes, fallBytesPerSec, psiFullPct, totalBytes } = memory
  const roomBytes = availableBytes + swapFreeBytes
  const lastsSec = fallBytesPerSec > 0 ? roomBytes / fallBytesPerSec : Number.POSITIVE_INFINITY
  const parts = [`${formatBytes(roomBytes)} left of ${formatBytes(totalBytes)}`]
  if (lastsSec < NEAR_LASTS_SEC) {
    parts.push(`gone in ${lastsSec.toFixed(1)} s`)
  }
  if ((psiFullPct ?? 0) >= STALLED_PCT) parts.push(`all stand still ${psiFullPct} % of the time`)
  return {
    severity: severityOf(memory, roomBytes, lastsSec),
    roomBytes,
    neededBytes: Math.max(0, linesOf(totalBytes).nearBytes - roomBytes),
    lastsSec,
    why: parts.join(', '),
  }
}
