/**
 * @module The processes that hold most and those that grew most, as lines of text in memory that is there already:
 * what they were some time ago is kept, so that in need nothing is read.
 */
import { SECOND_MS } from '../../base/units.ts'
import type { ProcessTable } from '../../core/procfs/records.ts'
import {
  BLANK,
  LINE_END,
  putAscii,
  putByte,
  putWhole,
  type TextBytes,
} from '../../core/record/text-bytes.ts'

export interface ProcessTops {
  /** After each look at the processes. */
  follow(table: ProcessTable, bootMs: number): void
  write(table: ProcessTable, text: TextBytes): void
}

const ROWS = 16
/** Growth is since one to two of these ago. */
const REMEMBER_EVERY_MS = 60 * SECOND_MS
const HEADING = 'why pid start_ticks anon_bytes shmem_bytes swap_bytes grown_bytes comm'

/** Anon and swap by slot, of the process that began then. */
interface Memory {
  bytes: Float64Array
  startTicks: Float64Array
}

function emptyMemory(slots: number): Memory {
  return { bytes: new Float64Array(slots), startTicks: new Float64Array(slots).fill(-1) }
}

function holds({ anonBytes, shmemBytes, swapBytes }: ProcessTable, slot: number): number {
  return (anonBytes[slot] || 0) + (shmemBytes[slot] || 0) + (swapBytes[slot] || 0)
}

export function createProcessTops(): ProcessTops {
  let older = emptyMemory(0)
  let newer = emptyMemory(0)
  let rememberedAtMs = Number.NEGATIVE_INFINITY
  const top = new Int32Array(ROWS)
  const topBytes = new Float64Array(ROWS)
  let found = 0

  /** NaN: it was not there then. */
  function grown(table: ProcessTable, slot: number): number {
    const isSame = older.startTicks[slot] === table.startTicks[slot]
    return isSame ? holds(table, slot) - (older.bytes[slot] as number) : Number.NaN
  }

  function remember(table: ProcessTable): void {
    const spare = older.bytes.length === table.pid.length ? older : emptyMemory(table.pid.length)
    older = newer.bytes.length === table.pid.length ? newer : emptyMemory(table.pid.length)
    newer = spare
    for (let slot = 0; slot < table.length; slot++) {
      newer.bytes[slot] = holds(table, slot)
      newer.startTicks[slot] = table.pid[slot] === 0 ? -1 : (table.startTicks[slot] as number)
    }
  }

  function rank(slot: number, bytes: number): void {
    if (!(bytes > 0) || (found === ROWS && bytes <= (topBytes[ROWS - 1] as number))) return
    let at = found < ROWS ? found++ : ROWS - 1
    for (; at > 0 && (topBytes[at - 1] as number) < bytes; at--) {
      topBytes[at] = topBytes[at - 1] as number
      top[at] = top[at - 1] as number
    }
    topBytes[at] = bytes
    top[at] = slot
  }

  function writeRow(table: ProcessTable, why: string, slot: number, text: TextBytes): void {
    putAscii(text, why)
    putByte(text, BLANK)
    putWhole(text, table.pid[slot] as number)
    putByte(text, BLANK)
    putWhole(text, table.startTicks[slot] as number)
    putByte(text, BLANK)
    putWhole(text, table.anonBytes[slot] as number)
    putByte(text, BLANK)
    putWhole(text, table.shmemBytes[slot] as number)
    putByte(text, BLANK)
    putWhole(text, table.swapBytes[slot] as number)
    putByte(text, BLANK)
    putWhole(text, grown(table, slot))
    putByte(text, BLANK)
    putAscii(text, table.comm[slot] ?? '')
    putByte(text, LINE_END)
  }

  return {
    follow(table, bootMs) {
      if (bootMs - rememberedAtMs < REMEMBER_EVERY_MS) return
      rememberedAtMs = bootMs
      remember(table)
    },
    write(table, text) {
      putAscii(text, HEADING)
      putByte(text, LINE_END)
      for (const why of ['held', 'grew'] as const) {
        found = 0
        for (let slot = 0; slot < table.length; slot++) {
          if (table.pid[slot] === 0) continue
          rank(slot, why === 'held' ? holds(table, slot) : grown(table, slot))
        }
        for (let i = 0; i < found; i++) writeRow(table, why, top[i] as number, text)
      }
    },
  }
}
