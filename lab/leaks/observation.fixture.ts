/** @module Observations as they would be made, for tests of what is done with them. */
import { MIB } from '../../src/base/units.ts'
import { findProgram } from './catalogue.ts'
import type { Observation, ObservedRow } from './observe.ts'

export function rowAt(tSec: number, rssAnonBytes: number): ObservedRow {
  return {
    tSec,
    rssAnonBytes,
    rssFileBytes: MIB,
    rssShmemBytes: 0,
    swapBytes: 0,
    vszBytes: rssAnonBytes + 8 * MIB,
    threads: 1,
    fds: 3,
  }
}

/** The program of that name with the given level over a minute, twice a second. */
export function observationOf(name: string, levelAt: (tSec: number) => number): Observation {
  const program = findProgram(name)
  if (program === undefined) throw new Error(`no program ${name}`)
  return {
    program,
    truth: program.truth,
    pace: 1,
    seconds: 60,
    sampleSec: 0.5,
    rows: Array.from({ length: 120 }, (_, i) => rowAt(i / 2, levelAt(i / 2))),
    startsSec: [],
    headroomBytes: program.boundBytes,
    end: null,
  }
}
