/** @module Every program in programs/, those that leak first. */
import { HARMLESS } from './harmless.ts'
import { LEAKING } from './leaking.ts'
import type { LeakProgram } from './program.ts'

export const CATALOGUE: readonly LeakProgram[] = [...LEAKING, ...HARMLESS]

/** The program of that name, or `undefined`. */
export function findProgram(name: string): LeakProgram | undefined {
  return CATALOGUE.find((program) => program.name === name)
}
