/** @module Runs a program of the catalogue for a while and keeps what the kernel shows of it. */
import { promises as timers } from 'node:timers'
import { PlimsollError } from '../../src/base/errors.ts'
import type { LeakProgram, Truth } from './program.ts'
import {
  addFigures,
  type Figures,
  levelOf,
  type MemberFigures,
  readMembers,
  readTmpfsBytes,
} from './sample.ts'
import { leastSquaresSlope } from './slope.ts'
import {
  hasAddressSpaceLimit,
  type LeakEnd,
  type LeakOptions,
  type RunningLeak,
  startLeak,
} from './start.ts'

export interface ObserveOptions extends LeakOptions {
  readonly pace: number
  /** At most. */
  readonly seconds: number
  readonly sampleSec: number
  /** Enough once the level has grown by so much since the first sample. */
  readonly untilGrownBytes?: number
}

export interface ObservedRow extends Figures {
  /** Seconds since the program's first word. */
  readonly tSec: number
}

export interface Observation extends ObserveOptions {
  readonly program: LeakProgram
  /** At the pace that it ran at. */
  readonly truth: Truth
  readonly rows: readonly ObservedRow[]
  /** When a service's process was replaced by a new one. */
  readonly startsSec: readonly number[]
  /** What was free above the first row. */
  readonly headroomBytes: number
  /** `null` where it was still running, and was stopped. */
  readonly end: LeakEnd | null
}

/** As the agent has it: processes that held this share of the level ended, and another is there. */
const REPLACED_SHARE = 0.5

/** Whether a service's process was replaced by a new one between two samples of its members. */
export function isReplaced(
  before: readonly MemberFigures[],
  after: readonly MemberFigures[],
): boolean {
  const known = new Set(before.map((member) => member.pid))
  const there = new Set(after.map((member) => member.pid))
  let level = 0
  let ended = 0
  for (const member of before) {
    level += levelOf(member)
    if (!there.has(member.pid)) ended += levelOf(member)
  }
  return ended > 0 && ended >= REPLACED_SHARE * level && after.some(({ pid }) => !known.has(pid))
}

/** The tightest limit: of address space, of which what is mapped is taken, or else of memory. */
function headroomOf({ program, boundBytes }: RunningLeak, first: Figures): number {
  const isTight = hasAddressSpaceLimit(program) && program.sparseness === undefined
  return boundBytes - (isTight && program.subject !== 'tmpfs' ? first.vszBytes : levelOf(first))
}

function hasGrown(rows: readonly ObservedRow[], bytes: number): boolean {
  const [first, last] = [rows[0], rows.at(-1)]
  return first !== undefined && last !== undefined && levelOf(last) - levelOf(first) >= bytes
}

/** Samples a program at the given interval until its time is over, it has grown enough or it ends. */
export async function observeLeak(name: string, options: ObserveOptions): Promise<Observation> {
  const tmpfsBefore = readTmpfsBytes()
  const leak = await startLeak(name, options)
  const startedMs = performance.now()
  const rows: ObservedRow[] = []
  const startsSec: number[] = []
  const ending: { how: LeakEnd | null } = { how: null }
  void leak.ended.then((how) => {
    ending.how = how
  })
  let end: LeakEnd | null = null
  let before: readonly MemberFigures[] = []
  try {
    for (let tick = 0; ending.how === null && tick * options.sampleSec < options.seconds; tick++) {
      const tSec = (performance.now() - startedMs) / 1000
      const members = readMembers(leak)
      const [first, ...others] = members
      if (first !== undefined) {
        const sum: Figures = others.reduce(addFigures, first)
        const isTmpfs = leak.program.subject === 'tmpfs'
        const rssShmemBytes = isTmpfs ? readTmpfsBytes() - tmpfsBefore : sum.rssShmemBytes
        rows.push({ ...sum, rssShmemBytes, tSec })
        if (isReplaced(before, members)) startsSec.push(tSec)
        before = members
      }
      if (hasGrown(rows, options.untilGrownBytes ?? Infinity)) break
      const dueMs = startedMs + (tick + 1) * options.sampleSec * 1000
      await Promise.race([timers.setTimeout(Math.max(0, dueMs - performance.now())), leak.ended])
    }
    // What stop() does to it is no end of its own.
    end = ending.how
  } finally {
    await leak.stop()
  }
  const first = rows[0]
  if (first === undefined) throw new PlimsollError('PLM_LAB', `${name} ended before it was seen`)
  const headroomBytes = headroomOf(leak, first)
  const { program, truth } = leak
  return { ...options, program, truth, rows, startsSec, headroomBytes, end }
}

/**
 * Growth of the level once the leak is there and its process the last one, by least squares.
 * @returns `undefined` where fewer than five samples show it
 */
export function measureRate({ truth, rows, startsSec }: Observation): number | undefined {
  const since = Math.max(truth.onsetSec ?? 0, startsSec.at(-1) ?? 0)
  const grown = rows.filter((row) => row.tSec >= since)
  if (grown.length < 5) return undefined
  return leastSquaresSlope(
    grown.map((row) => row.tSec),
    grown.map(levelOf),
  )
}
