/** @module Makes families out of lives: harmless ones, and leaks. */

import type { TraceFamily } from '../labelled.ts'
import { type Life, labelLife } from './life.ts'
import { createRng, type Rng } from './rng.ts'

/** A life, and the rate of its leak where its part does not tell it. */
export type Draw = (rng: Rng) => Life & { readonly rateBytesPerSec?: number }

function family(name: string, leaking: boolean, imitates: string, draw: Draw): TraceFamily {
  return {
    name,
    leaking,
    imitates,
    make: (seed) => {
      const life = draw(createRng(name, seed))
      return labelLife(name, seed, life, life.rateBytesPerSec)
    },
  }
}

export function harmless(name: string, imitates: string, draw: Draw): TraceFamily {
  return family(name, false, imitates, draw)
}

export function leaking(name: string, imitates: string, draw: Draw): TraceFamily {
  return family(name, true, imitates, draw)
}
