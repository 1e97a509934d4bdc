/** @module The full pass: status, descriptors and cgroup of some processes. */
import { parseCgroupFile } from '../core/procfs/cgroup-file.ts'
import { hashBytes } from '../core/procfs/scan.ts'
import { decodeStatusName, emptyStatus, parseStatus, type Status } from '../core/procfs/status.ts'
import { splitShared } from './fast-pass.ts'
import { countFds, countOpenFds, openFdDirectory } from './fd-count.ts'
import { openFile, readOnce, readOpen } from './files.ts'
import { keepFd, releaseFd } from './kept-fds.ts'
import { isAlive, keepStatm, type ProcessScan } from './process-scan.ts'
import { type ProcessSlots, WANT_CHANGED, WANT_NOTHING, WANT_REQUESTED } from './process-slots.ts'

/**
 * A process may be moved to another cgroup at any time, but most are in their first moments: it is
 * looked up again after as long as the process is old, within these bounds.
 */
const CGROUP_MIN_AGE_MS = 60_000
const CGROUP_MAX_AGE_MS = 600_000
/** Descriptors that a process can have kept: statm, status, fd. */
const KEPT_EACH = 3
/** Of the budget, for those that changed; the rest goes round, so that nobody is left out. */
const CHANGED_SHARE = 0.75

const status: Status = emptyStatus()

/** Keeps status and fd open where those of every process fit, else lets them go for statm's sake. */
function keepDescriptors(scan: ProcessScan, slot: number, countsByStat: boolean): void {
  const { slots, fds } = scan
  keepStatm(scan, slot)
  if (slots.processes * KEPT_EACH > fds.max) {
    releaseFd(fds, slots.statusFd, slot)
    releaseFd(fds, slots.fdDirFd, slot)
    return
  }
  const path = `${scan.procRoot}/${slots.pid[slot]}`
  if (slots.statusFd[slot] < 0 && fds.open < fds.max) {
    slots.statusFd[slot] = keepFd(fds, openFile(`${path}/status`))
  }
  if (countsByStat && slots.fdDirFd[slot] < 0 && fds.open < fds.max) {
    slots.fdDirFd[slot] = keepFd(fds, openFdDirectory(`${path}/fd`))
  }
}

/** Takes over what `status` holds; true when the process runs another program by now. */
function applyStatus(scan: ProcessScan, slot: number): boolean {
  const { slots, buffer } = scan
  // Without an address space (a zombie) the lines are missing, and it holds nothing.
  const none = slots.residentPages[slot] === 0 ? 0 : Number.NaN
  const shmemBytes = Number.isNaN(status.rssShmemBytes) ? none : status.rssShmemBytes
  const swapBytes = Number.isNaN(status.vmSwapBytes) ? none : status.vmSwapBytes
  if (shmemBytes !== slots.shmemBytes[slot] || swapBytes !== slots.swapBytes[slot]) {
    slots.shmemBytes[slot] = shmemBytes
    slots.swapBytes[slot] = swapBytes
    splitShared(scan, slot)
    slots.changed[slot] = 1
  }
  slots.threads[slot] = Number.isNaN(status.threads) ? -1 : status.threads
  slots.uid[slot] = Number.isNaN(status.uid) ? -1 : status.uid
  const hash = hashBytes(buffer, status.nameStart, status.nameEnd)
  if (status.nameEnd === 0 || hash === slots.nameHash[slot]) return false
  slots.nameHash[slot] = hash
  slots.comm[slot] = decodeStatusName(buffer, status)
  return true
}

function readCgroup(scan: ProcessScan, slot: number, nowMs: number): void {
  const { slots, buffer } = scan
  const ageMs = nowMs - (slots.startTicks[slot] * 1000) / scan.clockTicksPerSec
  slots.cgroupDueMs[slot] = nowMs + Math.min(CGROUP_MAX_AGE_MS, Math.max(CGROUP_MIN_AGE_MS, ageMs))
  const length = readOnce(`${scan.procRoot}/${slots.pid[slot]}/cgroup`, buffer)
  if (length <= 0) return
  const hash = hashBytes(buffer, 0, length)
  if (hash === slots.cgroupHash[slot]) return
  slots.cgroupHash[slot] = hash
  const { memory, unified, systemd } = parseCgroupFile(buffer, length)
  slots.cgroup[slot] = memory ?? unified ?? ''
  slots.unitCgroup[slot] = systemd ?? slots.cgroup[slot]
}

/** Who has not run since the last time has opened nothing either. Of threads only one is known. */
function hasRun(slots: ProcessSlots, slot: number): boolean {
  const isSame = status.switches === slots.switches[slot] && status.threads === 1
  return !isSame || slots.fds[slot] < 0
}

function readFdCount(scan: ProcessScan, slot: number, countsByStat: boolean): number {
  const { slots, procRoot } = scan
  return slots.fdDirFd[slot] >= 0
    ? countOpenFds(slots.fdDirFd[slot])
    : countFds(`${procRoot}/${slots.pid[slot]}/fd`, countsByStat)
}

/**
 * One process. Where a file was found by path, the process is proven to live afterwards, so that
 * nothing of a later bearer of its pid is taken for its own. 13 us with kept descriptors.
 */
export function readFull(
  scan: ProcessScan,
  slot: number,
  countsByStat: boolean,
  nowMs: number,
): void {
  const { slots, buffer } = scan
  slots.want[slot] = WANT_NOTHING
  slots.fullAtMs[slot] = nowMs
  if (slots.statusFd[slot] < 0 || slots.processes * KEPT_EACH > scan.fds.max) {
    keepDescriptors(scan, slot, countsByStat)
    if (!isAlive(scan, slot)) return
  }
  const path = `${scan.procRoot}/${slots.pid[slot]}`
  const isKept = slots.statusFd[slot] >= 0
  const length = isKept
    ? readOpen(slots.statusFd[slot], buffer)
    : readOnce(`${path}/status`, buffer)
  if (length <= 0) return
  status.uidAt = slots.uidAt[slot]
  status.vmAt = slots.vmAt[slot]
  parseStatus(buffer, length, status)
  slots.uidAt[slot] = status.uidAt
  slots.vmAt[slot] = status.vmAt
  const fds = hasRun(slots, slot) ? readFdCount(scan, slot, countsByStat) : slots.fds[slot]
  slots.switches[slot] = status.switches
  if (!isKept && !isAlive(scan, slot)) return
  if (fds !== slots.fds[slot]) slots.changed[slot] = 1
  slots.fds[slot] = fds
  const isRenamed = applyStatus(scan, slot)
  if (isRenamed || nowMs >= slots.cgroupDueMs[slot]) readCgroup(scan, slot, nowMs)
}

/** Where the two rounds go on at the next call. */
export interface FullPassCursors {
  changed: number
  round: number
}

/**
 * At most `budget` processes: first who was requested, then who changed so that only status can tell
 * how, then whose turn it is. Returns how many were read.
 */
export function runFullPass(
  scan: ProcessScan,
  cursors: FullPassCursors,
  countsByStat: boolean,
  budget: number,
  nowMs: number,
): number {
  const { slots } = scan
  let left = budget
  for (let slot = 0; slot < slots.length && left > 0; slot++) {
    if (slots.pid[slot] === 0 || slots.want[slot] !== WANT_REQUESTED) continue
    readFull(scan, slot, countsByStat, nowMs)
    left--
  }
  const forRound = Math.floor(left * (1 - CHANGED_SHARE))
  for (let steps = 0; steps < slots.length && left > forRound; steps++) {
    cursors.changed = (cursors.changed + 1) % slots.length
    const slot = cursors.changed
    if (slots.pid[slot] === 0 || slots.want[slot] !== WANT_CHANGED) continue
    readFull(scan, slot, countsByStat, nowMs)
    left--
  }
  for (let steps = 0; steps < slots.length && left > 0; steps++) {
    cursors.round = (cursors.round + 1) % slots.length
    const slot = cursors.round
    if (slots.pid[slot] === 0 || slots.fullAtMs[slot] === nowMs) continue
    readFull(scan, slot, countsByStat, nowMs)
    left--
  }
  return budget - left
}
