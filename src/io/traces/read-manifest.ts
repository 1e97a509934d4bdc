/** @module Reads a manifest file as a whole, so that nothing starts on half of one. */
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { messageOf, PlimsollError } from '../../base/errors.ts'
import { parseManifestLine } from '../../core/leak/manifest.ts'
import type { TraceSpec } from '../../core/leak/records.ts'

const MAX_TRACES = 100_000
const MAX_BYTES = 64 * 1024 * 1024

/** The traces that a manifest names, in its order. Fails with PLM_MANIFEST. */
export async function readManifest(path: string): Promise<TraceSpec[]> {
  const specs: TraceSpec[] = []
  // One byte more than is allowed, so that a longer file is seen to be one.
  const input = createReadStream(path, { encoding: 'utf8', end: MAX_BYTES })
  let number = 0
  try {
    for await (const line of createInterface({ input, crlfDelay: Infinity })) {
      number++
      if (input.bytesRead > MAX_BYTES || specs.length >= MAX_TRACES) {
        const what = `expected at most ${MAX_TRACES} traces in ${MAX_BYTES} bytes`
        throw new PlimsollError('PLM_MANIFEST', `${path}:${number}:1: ${what}`)
      }
      if (line.trim() === '') continue
      const parsed = parseManifestLine(line)
      if (!parsed.ok) {
        const { column, what } = parsed.error
        throw new PlimsollError('PLM_MANIFEST', `${path}:${number}:${column}: ${what}`)
      }
      specs.push(parsed.value)
    }
  } catch (error) {
    if (error instanceof PlimsollError) throw error
    const why = messageOf(error)
    throw new PlimsollError('PLM_MANIFEST', `cannot read ${path}: ${why}`, { cause: error })
  }
  return specs
}
