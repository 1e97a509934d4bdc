/** @module The table of processes as the sampler writes it: slots given, freed and grown. */
import type { ProcessTable } from '../core/procfs/records.ts'

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }

/** The table, writable, with what only the sampler needs to know of a slot. */
export interface ProcessSlots
  extends Writable<Omit<ProcessTable, 'appeared' | 'gone' | 'comm' | 'cgroup'>> {
  readonly appeared: number[]
  readonly gone: number[]
  readonly comm: string[]
  readonly cgroup: string[]
  /** Path in the hierarchy that systemd keeps units in; '' unknown. */
  readonly unitCgroup: string[]
  /** Kept descriptors of /proc/PID/{statm,status,fd}; -1: not kept. */
  statmFd: Int32Array
  statusFd: Int32Array
  fdDirFd: Int32Array
  /** Raw statm of the last pass, pages. */
  sizePages: Float64Array
  residentPages: Float64Array
  sharedPages: Float64Array
  /** Where in status the lines Uid and VmSize stood the last time; 0: unknown. */
  uidAt: Int32Array
  vmAt: Int32Array
  /** Switches of the main thread at the last full pass; NaN: unknown. */
  switches: Float64Array
  /** Why a full pass is due: one of WANT_*. */
  want: Uint8Array
  /** Of the bytes that comm and cgroup were decoded from. */
  nameHash: Int32Array
  cgroupHash: Int32Array
  /** When the cgroup is to be looked up again. */
  cgroupDueMs: Float64Array
  /** Free slots, the last one is given next. */
  readonly free: number[]
}

export const WANT_NOTHING = 0
/** Its kinds of memory may have shifted: only a full pass can tell. */
export const WANT_CHANGED = 1
/** Someone asked. */
export const WANT_REQUESTED = 2

const FIRST_CAPACITY = 512

export function createSlots(): ProcessSlots {
  const n = FIRST_CAPACITY
  return {
    length: 0,
    processes: 0,
    kernelThreads: 0,
    appeared: [],
    gone: [],
    free: [],
    comm: [],
    cgroup: [],
    unitCgroup: [],
    pid: new Int32Array(n),
    startTicks: new Float64Array(n),
    rssBytes: new Float64Array(n),
    anonBytes: new Float64Array(n),
    fileBytes: new Float64Array(n),
    shmemBytes: new Float64Array(n),
    swapBytes: new Float64Array(n),
    vszBytes: new Float64Array(n),
    threads: new Int32Array(n),
    fds: new Int32Array(n),
    uid: new Int32Array(n),
    changed: new Uint8Array(n),
    fullAtMs: new Float64Array(n),
    statmFd: new Int32Array(n),
    statusFd: new Int32Array(n),
    fdDirFd: new Int32Array(n),
    sizePages: new Float64Array(n),
    residentPages: new Float64Array(n),
    sharedPages: new Float64Array(n),
    uidAt: new Int32Array(n),
    vmAt: new Int32Array(n),
    switches: new Float64Array(n),
    want: new Uint8Array(n),
    nameHash: new Int32Array(n),
    cgroupHash: new Int32Array(n),
    cgroupDueMs: new Float64Array(n),
  }
}

type Column = Int32Array | Float64Array | Uint8Array

/** Doubles every column. Slots keep their numbers. */
function grow(slots: ProcessSlots): void {
  const capacity = slots.pid.length * 2
  const columns = slots as unknown as Record<string, unknown>
  for (const [name, column] of Object.entries(columns)) {
    if (!ArrayBuffer.isView(column)) continue
    const old = column as Column
    const Kind = old.constructor as new (length: number) => Column
    const wider = new Kind(capacity)
    wider.set(old)
    columns[name] = wider
  }
}

/** A slot for a new process, with nothing known of it but who it is. */
export function takeSlot(slots: ProcessSlots, pid: number, startTicks: number): number {
  const slot = slots.free.pop() ?? slots.length++
  if (slot >= slots.pid.length) grow(slots)
  slots.pid[slot] = pid
  slots.startTicks[slot] = startTicks
  for (const column of [slots.rssBytes, slots.anonBytes, slots.fileBytes]) column[slot] = Number.NaN
  for (const column of [slots.shmemBytes, slots.swapBytes, slots.vszBytes]) {
    column[slot] = Number.NaN
  }
  for (const column of [slots.sizePages, slots.residentPages, slots.sharedPages]) {
    column[slot] = Number.NaN
  }
  for (const column of [slots.threads, slots.fds, slots.uid]) column[slot] = -1
  for (const column of [slots.statmFd, slots.statusFd, slots.fdDirFd]) column[slot] = -1
  slots.changed[slot] = 0
  slots.fullAtMs[slot] = 0
  slots.switches[slot] = Number.NaN
  slots.uidAt[slot] = 0
  slots.vmAt[slot] = 0
  slots.want[slot] = WANT_NOTHING
  slots.nameHash[slot] = 0
  slots.cgroupHash[slot] = 0
  slots.cgroupDueMs[slot] = Number.NEGATIVE_INFINITY
  slots.comm[slot] = ''
  slots.cgroup[slot] = ''
  slots.unitCgroup[slot] = ''
  slots.processes++
  slots.appeared.push(slot)
  return slot
}

/** Marks a slot's process as gone. Its figures stay to be read until `reuseGoneSlots`. */
export function dropSlot(slots: ProcessSlots, slot: number): void {
  slots.pid[slot] = 0
  slots.processes--
  slots.gone.push(slot)
}

/** Begins a pass: what went in the last one may be given to others now. */
export function reuseGoneSlots(slots: ProcessSlots): void {
  for (const slot of slots.gone) slots.free.push(slot)
  slots.gone.length = 0
  slots.appeared.length = 0
}

/** Has the next full pass read `slot`, for the weightier of its reasons. */
export function wantFull(slots: ProcessSlots, slot: number, why: number): void {
  if (slots.want[slot] < why) slots.want[slot] = why
}
