/** @module Sizes and numbers as a person types them. */
import { PlimsollError } from '../../src/base/errors.ts'
import { GIB, KIB, MIB } from '../../src/base/units.ts'

const UNIT_BYTES: Readonly<Record<string, number>> = { '': 1, KiB: KIB, MiB: MIB, GiB: GIB }

/** `67108864`, `64MiB` and `1.5GiB` as bytes. @throws PLM_USAGE for anything else */
export function parseByteCount(option: string, text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)(KiB|MiB|GiB)?$/.exec(text) ?? []
  const count = Math.floor(Number(digits) * (UNIT_BYTES[unit] ?? Number.NaN))
  if (count > 0) return count
  throw new PlimsollError(
    'PLM_USAGE',
    `${option} expects bytes or a size such as 64MiB or 1GiB, got ${JSON.stringify(text)}`,
  )
}

/** A number above 0. @throws PLM_USAGE for anything else */
export function parsePositive(option: string, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw new PlimsollError(
    'PLM_USAGE',
    `${option} expects a number above 0, got ${JSON.stringify(text)}`,
  )
}
