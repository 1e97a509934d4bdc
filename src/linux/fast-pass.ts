/** @module The fast pass: statm of every process. Finds who went and whose memory changed. */
import { emptyStatm, parseStatm, type Statm } from '../core/procfs/statm.ts'
import { GONE } from './files.ts'
import { dropProcess, type ProcessScan, readStatm } from './process-scan.ts'
import { type ProcessSlots, reuseGoneSlots, WANT_CHANGED, wantFull } from './process-slots.ts'

const statm: Statm = emptyStatm()

/** File-backed memory is what statm counts as shared, less the shmem that status told last. */
export function splitShared(scan: ProcessScan, slot: number): void {
  const { slots } = scan
  const sharedBytes = slots.sharedPages[slot] * scan.pageSize
  slots.fileBytes[slot] = Math.max(0, sharedBytes - slots.shmemBytes[slot])
}

function applyStatm(scan: ProcessScan, slot: number): void {
  const { slots, pageSize } = scan
  const { sizePages, residentPages, sharedPages } = statm
  const sameSize = sizePages === slots.sizePages[slot]
  const sameShared = sharedPages === slots.sharedPages[slot]
  if (sameSize && sameShared && residentPages === slots.residentPages[slot]) return
  const anonBytes = (residentPages - sharedPages) * pageSize
  const mayBeSwappedOut = scan.hasSwap && anonBytes < slots.anonBytes[slot]
  if (!sameSize || !sameShared || mayBeSwappedOut) wantFull(slots, slot, WANT_CHANGED)
  slots.sizePages[slot] = sizePages
  slots.residentPages[slot] = residentPages
  slots.sharedPages[slot] = sharedPages
  slots.vszBytes[slot] = sizePages * pageSize
  slots.rssBytes[slot] = residentPages * pageSize
  slots.anonBytes[slot] = anonBytes
  splitShared(scan, slot)
  slots.changed[slot] = 1
}

/** What cannot be read is unknown, not what it was. */
function forgetStatm(slots: ProcessSlots, slot: number): void {
  if (!Number.isNaN(slots.residentPages[slot])) slots.changed[slot] = 1
  slots.residentPages[slot] = Number.NaN
  slots.rssBytes[slot] = Number.NaN
  slots.anonBytes[slot] = Number.NaN
  slots.fileBytes[slot] = Number.NaN
  slots.vszBytes[slot] = Number.NaN
}

/** One process; its slot is dropped when it is gone. 2.3 us with a kept descriptor. */
export function readFast(scan: ProcessScan, slot: number): void {
  const length = readStatm(scan, slot)
  if (length === GONE) dropProcess(scan, slot)
  else if (length > 0 && parseStatm(scan.buffer, length, statm)) applyStatm(scan, slot)
  else forgetStatm(scan.slots, slot)
}

/** All processes that are known. New ones are found by the caller. */
export function runFastPass(scan: ProcessScan): void {
  const { slots } = scan
  reuseGoneSlots(slots)
  slots.changed.fill(0, 0, slots.length)
  for (let slot = 0; slot < slots.length; slot++) {
    if (slots.pid[slot] !== 0) readFast(scan, slot)
  }
}
