/**
 * @module A second thread for large files: it scans them from the end, tile by tile, while the reader comes from the
 * front. Where they meet they are done. A tile without a phrase is passed over, with its count of line ends.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'

/** So large that a tile takes a millisecond or two, a whole number of the scanner's blocks. */
export const TILE = 16 * 1024 * 1024
/** Smaller files are read before a thread has started. */
const WORTH_A_THREAD = 256 * 1024 * 1024
/** For a tile of the other thread; then it is scanned here. */
const PATIENCE_MS = 2000

/** States of a tile; else it is the number of its line ends. */
export const OPEN = -1
export const TAKEN = -2
export const HAS_PHRASE = -3

export interface ScoutOrder {
  readonly path: string
  /** One a tile. */
  readonly states: Int32Array<SharedArrayBuffer>
}

export interface Scout {
  /** Line ends of a tile that need not be read; `undefined` where it is to be read. */
  linesOf(tile: number): number | undefined
  close(): void
}

/** `undefined` where the file is too small for one. */
export function startScout(path: string, size: number): Scout | undefined {
  if (size < WORTH_A_THREAD) return undefined
  const states = new Int32Array(new SharedArrayBuffer(4 * Math.floor(size / TILE))).fill(OPEN)
  // Bundled it lies beside the bundle.
  const bundled = join(import.meta.dirname, 'scout.cjs')
  const file = existsSync(bundled) ? bundled : join(import.meta.dirname, 'scout-worker.ts')
  const worker = new Worker(file, { workerData: { path, states } satisfies ScoutOrder })
  // Without it the reader scans all by itself.
  worker.on('error', () => {})
  worker.unref()
  return {
    linesOf(tile) {
      if (tile >= states.length) return undefined
      if (Atomics.compareExchange(states, tile, OPEN, TAKEN) === OPEN) return undefined
      Atomics.wait(states, tile, TAKEN, PATIENCE_MS)
      const lines = Atomics.load(states, tile)
      return lines >= 0 ? lines : undefined
    },
    close() {
      void worker.terminate()
    },
  }
}
