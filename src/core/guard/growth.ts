/** @module How much something grew over each window, in constant memory: two anchors a window. */
import type { Grown } from './records.ts'
import { WINDOWS_SEC } from './records.ts'

/** A window is measured from an anchor that is as old as it at least, and less than twice as old. */
interface Anchors {
  fromBytes: number
  nextBytes: number
  nextSec: number
}

/** Owned by who follows. */
export type Track = readonly Anchors[]

/**
 * @param fromBytes where growth is counted from: 0 for what began since the watch did
 */
export function createTrack(tSec: number, fromBytes: number, bytes: number): Track {
  return WINDOWS_SEC.map(() => ({ fromBytes, nextBytes: bytes, nextSec: tSec }))
}

/** One look; what cannot be read (NaN) changes nothing. */
export function followGrowth(track: Track, tSec: number, bytes: number): void {
  if (Number.isNaN(bytes)) return
  for (const [index, anchors] of track.entries()) {
    if (tSec - anchors.nextSec < (WINDOWS_SEC[index] ?? 0)) continue
    anchors.fromBytes = anchors.nextBytes
    anchors.nextBytes = bytes
    anchors.nextSec = tSec
  }
}

export function readGrown(track: Track, bytes: number): Grown {
  const over = (index: number): number => {
    const grown = bytes - (track[index]?.fromBytes ?? bytes)
    return Number.isNaN(grown) ? 0 : grown
  }
  return [over(0), over(1), over(2)]
}
