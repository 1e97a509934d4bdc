/** @module Whether a crash kernel is there to keep the memory of one that panics. */
import type { Facts } from './facts.ts'
import { lastArgument } from './kernel-arguments.ts'
import { integerOf } from './reading.ts'

export const KDUMP_LOADED = '/sys/kernel/kexec_crash_loaded'

/** `null`: not known. */
export function isKdumpLoaded(facts: Facts): boolean | null {
  const loaded = integerOf(facts, KDUMP_LOADED)
  return loaded === null ? null : loaded === 1
}

export function isKdumpReserved({ given }: Facts): boolean {
  return lastArgument(given ?? [], 'crashkernel') !== undefined
}
