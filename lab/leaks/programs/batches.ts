/**
 * @module A report of 120 MiB that is built within 4 s and dropped, over and over. Its pages are outside
 * V8's heap and go back to the kernel when the collector finds that nobody wants them: RSS saws.
 */
import { now } from './leak.ts'

const BATCH_SEC = 4
export const PAGE_BYTES = 256 * 1024
const PAGES_PER_SEC = (30 * 1024 * 1024) / PAGE_BYTES
let batch = 0
let pages: Buffer[] = []

export function takePage(): Buffer {
  return Buffer.alloc(PAGE_BYTES, 0x5a)
}

/** Adds the pages that are due; the collector sees to those of the report before. */
export function buildReport(): void {
  const due = Math.floor(now() / BATCH_SEC)
  if (due > batch) {
    batch = due
    pages = []
  }
  while (pages.length < PAGES_PER_SEC * (now() - batch * BATCH_SEC)) {
    pages.push(takePage())
  }
}
