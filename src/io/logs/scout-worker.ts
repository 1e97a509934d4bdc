/** @module The thread beside: scans tiles from the file's end backwards until it meets the reader (scout.ts). */
import { openSync, readSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { createScanner, SCAN_MARGIN } from './scan.ts'
import type { ScoutOrder } from './scout.ts'
import { HAS_PHRASE, OPEN, TAKEN, TILE } from './scout.ts'

const PIECE = 256 * 1024

const { path, states } = workerData as ScoutOrder
const { memory, find, takeLines } = createScanner()

/** Line ends of a tile, or HAS_PHRASE. */
function scanTile(fd: number, tile: number): number {
  let lines = 0
  // Those of a tile that was given up.
  takeLines()
  for (let at = tile * TILE; at < (tile + 1) * TILE; at += PIECE) {
    // A phrase may stand on the border of two pieces.
    const got = readSync(fd, memory, 0, PIECE + 2 * SCAN_MARGIN, at - SCAN_MARGIN)
    if (got < PIECE + SCAN_MARGIN) return HAS_PHRASE
    memory.fill(0, got, got + SCAN_MARGIN)
    const end = SCAN_MARGIN + PIECE
    if (find(SCAN_MARGIN, end) < end) return HAS_PHRASE
    lines += takeLines()
  }
  return lines
}

const fd = openSync(path, 'r')
for (let tile = states.length - 1; tile > 0; tile--) {
  if (Atomics.compareExchange(states, tile, OPEN, TAKEN) !== OPEN) break
  Atomics.store(states, tile, scanTile(fd, tile))
  Atomics.notify(states, tile)
}
