/** @module A server that builds reports one after the other, and keeps 5 MiB/s of their pages for ever. */
import { buildReport, PAGE_BYTES, takePage } from './batches.ts'
import { begin, endAtBound, now } from './leak.ts'

const archive: Buffer[] = []

begin(() => {
  buildReport()
  while (archive.length * PAGE_BYTES < 5 * 1024 * 1024 * now()) {
    archive.push(takePage())
    endAtBound(archive.length * PAGE_BYTES)
  }
})
