/** @module What an OOM would print on this host's consoles, read when somebody asks and kept for a while. */
import { factsOf } from '../../core/console/facts.ts'
import type { ConsoleDocument } from '../../core/console/model/document.ts'
import { packReport } from '../../core/console/model/document.ts'
import { doubtsOf, figuresOf } from '../../core/console/model/host-figures.ts'
import { readForDoctor } from '../../linux/console-reading.ts'

/** One look takes some 20 us for each process, in which nobody else is answered. */
const KEPT_MS = 60_000

function documentAt(root: string, readWallMs: number): ConsoleDocument {
  const facts = factsOf(readForDoctor(root))
  const { report, ...figures } = figuresOf(facts)
  return {
    schema: 'plimsoll.console/1',
    readWallMs,
    figures,
    report: report === null ? null : packReport(report),
    doubts: doubtsOf(facts),
  }
}

/** @param root `/`, or a directory with another host's /proc and /sys */
export function createConsoleReader(root: string, nowMs: () => number): () => ConsoleDocument {
  let kept: ConsoleDocument | null = null
  return () => {
    const now = nowMs()
    // A clock that was set back makes what is kept no younger.
    const ageMs = kept === null ? Number.NaN : now - kept.readWallMs
    if (kept === null || !(ageMs >= 0 && ageMs < KEPT_MS)) kept = documentAt(root, now)
    return kept
  }
}
