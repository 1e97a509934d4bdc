/** @module Reads a recorder's file and tells of it in the form that was asked for. */
import { EXIT, type ExitCode } from '../../../base/errors.ts'
import { encodeJsonLine } from '../../../base/escape.ts'
import type { RecoveredRing } from '../../../core/record/records.ts'
import { isIntact } from '../../../core/record/recover.ts'
import { readRing } from '../../../io/record/read-ring.ts'
import { chooseLook } from '../watch/look.ts'
import { itemDocument, ringDocument } from './documents.ts'
import { ownRecorder } from './own-recorder.ts'
import { renderRing, summaryLines } from './page.ts'

function isUnicode(): boolean {
  const { env, stdout } = process
  const isTty = stdout.isTTY === true
  return chooseLook({ env, isTty, colourDepth: 1, utcOffsetMin: 0 }).isUnicode
}

function exitOf(ring: RecoveredRing): ExitCode {
  return isIntact(ring) ? EXIT.ok : EXIT.incomplete
}

/** @throws PLM_RECORD, PLM_PERMISSION, PLM_CONFIG */
export function showRing(named: string | undefined, isFull: boolean, isJson: boolean): ExitCode {
  const file = named ?? ownRecorder()
  const ring = readRing(file)
  const text = isJson
    ? `${encodeJsonLine({ ...ringDocument(file, ring), items: ring.items.map(itemDocument) })}\n`
    : renderRing(ring, { isFull, isUnicode: isUnicode() })
  process.stdout.write(text)
  return exitOf(ring)
}

/** @throws PLM_RECORD, PLM_PERMISSION, PLM_CONFIG */
export function exportRing(named: string | undefined): ExitCode {
  const ring = readRing(named ?? ownRecorder())
  for (const item of ring.items) {
    const line = { schema: 'plimsoll.record-item/1', ...itemDocument(item) }
    process.stdout.write(`${encodeJsonLine(line)}\n`)
  }
  return exitOf(ring)
}

/** @throws PLM_RECORD, PLM_PERMISSION, PLM_CONFIG */
export function verifyRing(named: string | undefined, isJson: boolean): ExitCode {
  const file = named ?? ownRecorder()
  const ring = readRing(file)
  const text = isJson
    ? encodeJsonLine(ringDocument(file, ring))
    : summaryLines(ring, isUnicode()).join('\n')
  process.stdout.write(`${text}\n`)
  return exitOf(ring)
}
