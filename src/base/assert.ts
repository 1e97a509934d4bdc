/** @module Assertions, for bugs only: bad input is a Result or a PlimsollError. */

export function assertTrue(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`)
}

/** Ends the switch over a union: the compiler objects when a case is missing. */
export function assertUnreachable(value: never): never {
  throw new Error(`assertion failed: unexpected ${JSON.stringify(value)}`)
}
