/** @module Seeded random numbers: the same seed gives the same trace on any machine. */

/** The next number, from 0 up to 1. */
export type Rng = () => number

/** FNV-1a, 32 bits: families with neighbouring seeds must not look alike. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  }
  return hash >>> 0
}

/** Chris Doty-Humphrey's sfc32 (PractRand), seeded by a name and a number. */
export function createRng(name: string, seed: number): Rng {
  let a = hashText(name)
  let b = seed | 0
  let c = 0x9e3779b9
  let counter = 1
  const next = () => {
    const sum = (a + b + counter++) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return (sum >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 15; i++) next()
  return next
}

export function uniform(rng: Rng, low: number, high: number): number {
  return low + (high - low) * rng()
}

/** Even on a logarithmic scale. */
export function logUniform(rng: Rng, low: number, high: number): number {
  return low * (high / low) ** rng()
}

/** A whole number from `low` to `high`, both included. */
export function whole(rng: Rng, low: number, high: number): number {
  return low + Math.floor(rng() * (high - low + 1))
}

export function pick<Value>(rng: Rng, values: readonly Value[]): Value {
  return values[Math.floor(rng() * values.length)] as Value
}

/** Mean 0, standard deviation 1 (Box and Muller). */
export function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng())
}

/** Time to the next of events that come at random, `mean` apart. */
export function exponential(rng: Rng, mean: number): number {
  return -mean * Math.log(1 - rng())
}
