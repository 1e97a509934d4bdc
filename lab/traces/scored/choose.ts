/** @module Reads from a command line which traces are wanted. */
import { PlimsollError } from '../../../src/base/errors.ts'
import type { TraceFamily } from '../labelled.ts'
import { SCORED_FAMILIES } from './families.ts'

function usage(message: string): PlimsollError {
  return new PlimsollError('PLM_USAGE', message, { hint: 'docs/traces.md says how it is run.' })
}

/** The families of a list of names, or all. */
export function chooseFamilies(names: string | undefined): readonly TraceFamily[] {
  if (names === undefined) return SCORED_FAMILIES
  return names.split(',').map((name) => {
    const family = SCORED_FAMILIES.find((each) => each.name === name)
    if (family !== undefined) return family
    const known = SCORED_FAMILIES.map((each) => each.name).join(', ')
    throw usage(`--families: expected some of ${known}; got ${name}`)
  })
}

/** A whole number above 0. */
export function parseSeeds(text: string): number {
  const seeds = Number(text)
  if (Number.isInteger(seeds) && seeds > 0) return seeds
  throw usage(`--seeds: expected a whole number above 0, got ${text}`)
}
