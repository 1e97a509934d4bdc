/** @module A log that a person chose, read in slices in this browser: nothing of it leaves the page. */
import type { EvidenceLine } from '../../core/oom/evidence.ts'
import { createEvidenceKeeper } from '../../core/oom/evidence.ts'
import type { Explanation } from '../../core/oom/explain.ts'
import { explainReport } from '../../core/oom/explain.ts'
import { createFeeder } from '../../core/oom/feed.ts'
import type { Encoding } from '../../core/oom/log-head.ts'
import { encodingOf, isJournalFile, isText, packingOf } from '../../core/oom/log-head.ts'
import { createLogReader } from '../../core/oom/read.ts'

/** What is kept of a log of any size: reports, rows of their tables, lines and characters. */
const MAX_REPORTS = 5_000
const MAX_ROWS = 400_000
const MAX_LINES = 5_000
const MAX_KEPT_CHARS = 24_000_000
/** By so many of the first bytes it is told what the rest is. */
const HEAD = 4096
/** The page answers to a hand after so long at the latest. */
const MAX_BUSY_MS = 40

export interface Entry {
  readonly explanation: Explanation
  /** All lines of the report, or those alone on which its statements rest. */
  readonly lines: readonly EvidenceLine[]
}

export interface ReadLog {
  readonly name: string
  readonly bytes: number
  readonly lines: number
  /** In the order in which they began. */
  readonly entries: readonly Entry[]
  /** Reports that were found and are too many to be kept. */
  readonly omitted: number
  /** Why it was not read to its end; `null` where it was. */
  readonly error: string | null
}

/** Why nothing can be read, and what to do. */
export interface Refusal {
  readonly reason: string
  readonly hint: string
}

export interface Progress {
  readonly readBytes: number
  readonly reports: number
}

function refusalOf(head: Uint8Array): Refusal | null {
  const packing = packingOf(head)
  if (packing === 'xz' || packing === 'zstd') {
    const command = packing === 'xz' ? 'xz -dk FILE' : 'zstd -d FILE'
    return {
      reason: `it is packed with ${packing}, which browsers cannot unpack`,
      hint: `${command} unpacks it; plimsoll explain FILE reads it as it is.`,
    }
  }
  if (isJournalFile(head)) {
    return {
      reason: "it is the journal's own file, which is not text",
      hint: 'journalctl -k --file FILE > oom.log writes its kernel lines as text.',
    }
  }
  if (packing === 'plain' && encodingOf(head).startsWith('utf8') && !isText(head)) {
    return {
      reason: 'it is not text',
      hint: 'A kernel log is wanted: journalctl -k > oom.log, or dmesg > oom.log.',
    }
  }
  return null
}

const LABELS: Readonly<Record<Encoding, string>> = {
  utf8: 'utf-8',
  cr: 'utf-8',
  utf16le: 'utf-16le',
  utf16be: 'utf-16be',
}

function readHead(blob: Blob): Promise<ArrayBuffer> {
  return blob.slice(0, HEAD).arrayBuffer()
}

/** Its bytes, unpacked where they are packed; `onBytes` is told how many of the file's own were read. */
function streamOf(
  blob: Blob,
  isPacked: boolean,
  onBytes: (count: number) => void,
): ReadableStream<Uint8Array> {
  const counted = blob.stream().pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(piece, controller) {
        onBytes(piece.length)
        controller.enqueue(piece)
      },
    }),
  )
  return isPacked ? counted.pipeThrough(new DecompressionStream('gzip')) : counted
}

/** Keeps what there is room for. */
function createCollector() {
  const keeper = createEvidenceKeeper(true)
  const entries: Entry[] = []
  let rows = 0
  let chars = 0
  let omitted = 0
  const reader = createLogReader((report) => {
    if (entries.length >= MAX_REPORTS || rows + report.tasks.length > MAX_ROWS) {
      omitted++
      return
    }
    const explanation = explainReport(report)
    const all = keeper.linesOf(explanation, MAX_LINES)
    const length = all.reduce((sum, [, text]) => sum + text.length, 0)
    const isRoom = chars + length <= MAX_KEPT_CHARS
    entries.push({ explanation, lines: isRoom ? all : keeper.evidenceOf(explanation) })
    rows += report.tasks.length
    if (isRoom) chars += length
  })
  return {
    reader: keeper.watch(reader),
    found: () => entries.length + omitted,
    finish: () => ({
      entries: entries.sort(
        (a, b) => a.explanation.report.firstLine - b.explanation.report.firstLine,
      ),
      omitted,
    }),
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve))
}

/**
 * @param onProgress called between slices; `false` ends the reading, and `null` is returned
 */
export async function readLog(
  blob: Blob,
  name: string,
  onProgress: (progress: Progress) => boolean,
): Promise<ReadLog | Refusal | null> {
  let readBytes = 0
  let error: string | null = null
  const { reader, found, finish } = createCollector()
  const feeder = createFeeder(reader)
  try {
    const head = new Uint8Array(await readHead(blob))
    const refusal = refusalOf(head)
    if (refusal !== null) return refusal
    const isPacked = packingOf(head) === 'gzip'
    const encoding = isPacked ? 'utf8' : encodingOf(head)
    const decoder = new TextDecoder(LABELS[encoding])
    const take = (text: string): void =>
      feeder.push(encoding === 'cr' ? text.replaceAll('\r', '\n') : text)
    const stream = streamOf(blob, isPacked, (count) => {
      readBytes += count
    })
    const pieces = stream.getReader()
    let restedMs = performance.now()
    for (;;) {
      const { done, value } = await pieces.read()
      if (done) break
      take(decoder.decode(value, { stream: true }))
      if (performance.now() - restedMs < MAX_BUSY_MS) continue
      if (!onProgress({ readBytes, reports: found() })) {
        await pieces.cancel()
        return null
      }
      await pause()
      restedMs = performance.now()
    }
    take(decoder.decode())
  } catch (thrown) {
    error = thrown instanceof Error ? thrown.message : String(thrown)
  }
  feeder.end()
  if (!onProgress({ readBytes, reports: found() })) return null
  return { name, bytes: blob.size, lines: feeder.lines(), error, ...finish() }
}
