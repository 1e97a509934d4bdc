/**
 * @module What the kernel says while memory is short, or of an OOM at any time, slot by slot: each stands for itself.
 * Bounded, since a log that is flooded would wash everything else out of the recorder.
 */
import { SECOND_MS } from '../../base/units.ts'
import { MAX_PAYLOAD_BYTES } from '../../core/record/slot.ts'
import type { KmsgTail } from '../../linux/kmsg-tail.ts'

/** Takes whole records of /dev/kmsg. */
export type PutKmsg = (bytes: Uint8Array, length: number) => void

export interface KmsgRecording {
  /** Once a tick. */
  follow(bootMs: number, isShort: boolean, put: PutKmsg): void
  /** What was last said, now. */
  capture(bootMs: number, put: PutKmsg): void
}

const RECORDS_A_TICK = 512
const SLOTS_A_TICK = 4
/** What the kernel says in an OOM of a thousand tasks is 30 slots. */
const SLOTS_A_MINUTE = 64
/** What was said before. */
const BEFORE_BYTES = 8 * MAX_PAYLOAD_BYTES
/** Of every OOM report the first line, and how long the rest may take. */
const OOM_WORDS = 'invoked oom-killer'
const OOM_FOR_MS = 10 * SECOND_MS

export function createKmsgRecording(kmsg: KmsgTail): KmsgRecording {
  const bytes = new Uint8Array(MAX_PAYLOAD_BYTES)
  let untilMs = Number.NEGATIVE_INFINITY
  let minuteAtMs = Number.NEGATIVE_INFINITY
  let slots = 0

  function putSlots(bootMs: number, put: PutKmsg): void {
    if (bootMs - minuteAtMs >= 60 * SECOND_MS) {
      minuteAtMs = bootMs
      slots = 0
    }
    const most = Math.min(SLOTS_A_TICK, SLOTS_A_MINUTE - slots)
    for (let i = 0; i < most; i++) {
      const length = kmsg.take(bytes)
      if (length === 0) return
      put(bytes, length)
      slots++
    }
  }

  function begin(bootMs: number): void {
    if (bootMs >= untilMs) kmsg.forget(BEFORE_BYTES)
    untilMs = bootMs + OOM_FOR_MS
  }

  return {
    follow(bootMs, isShort, put) {
      const isMore = kmsg.follow(RECORDS_A_TICK) > 0
      if (isShort || (isMore && kmsg.hasNew(OOM_WORDS))) begin(bootMs)
      if (bootMs < untilMs) putSlots(bootMs, put)
    },
    capture(bootMs, put) {
      kmsg.follow(RECORDS_A_TICK)
      begin(bootMs)
      putSlots(bootMs, put)
    },
  }
}
