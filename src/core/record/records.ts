/** @module What a flight recorder's file holds, as plain data. */

/** What a record's payload is. The numbers are the format's: they never change their meaning. */
export const RECORD_TYPES = {
  /** JSON of an Event (src/core/wire/records.ts). */
  event: 1,
  /** JSON of a HostRow: the memory of the host at that moment. */
  sample: 2,
  /** /proc/meminfo as the kernel gave it. */
  meminfo: 3,
  /** /proc/pressure/memory as the kernel gave it. */
  pressure: 4,
  /** Lines of a table: the processes that hold most, those that grew most. */
  processes: 5,
  /** Records of /dev/kmsg as the kernel gave them. */
  kmsg: 6,
} as const
export type RecordType = keyof typeof RECORD_TYPES

/** One record that is whole. */
export interface RecordedItem {
  readonly type: RecordType
  /** Number of its first slot; one more than the last of the record before. */
  readonly seq: number
  /** Counts records. */
  readonly event: number
  /** Time since boot with suspend. */
  readonly bootMs: number
  readonly wallMs: number
  /** As of /proc/sys/kernel/random/boot_id; '' unknown. */
  readonly bootId: string
  readonly hostId: string
  /** Something that was to be recorded before it could not be. */
  readonly isAfterLoss: boolean
  readonly payload: Uint8Array
}

/** Every slot of the ring is one of these. */
export interface SlotCounts {
  /** Its checksum is right, and it is where it belongs. */
  readonly whole: number
  /** A write that did not come to its end. */
  readonly torn: number
  /** Whole, of a lap before: what should have replaced it is lost. */
  readonly stale: number
  /** Was written, by the numbers of its neighbours, and is not there. */
  readonly missing: number
  /** Nothing that this ring's writer has written there. */
  readonly foreign: number
  /** Never written. */
  readonly empty: number
}

/** What a header slot says. */
export interface RingHeader {
  readonly slots: number
  readonly createdWallMs: number
  readonly hostId: string
  /** Untrusted text. */
  readonly hostName: string
}

export interface RecoveredRing {
  /** Of the first header slot that is whole; `null`: neither is. It is not needed to read the rest. */
  readonly header: RingHeader | null
  readonly headersWhole: number
  /** Slots after the two headers. */
  readonly slots: number
  /** Of the file, as it was read. */
  readonly fileBytes: number
  /** With its headers and all its slots, by what the header says; more than `fileBytes`: it was cut short. */
  readonly fullBytes: number
  readonly counts: SlotCounts
  /** Records of several slots of which not all are whole. */
  readonly incomplete: number
  /** Whole slots whose neighbour before is not the one that they were written after. */
  readonly breaks: number
  /** In the order in which they were written. */
  readonly items: readonly RecordedItem[]
}
