/** @module What a process of ours complains of on its stderr: JSON lines, the guard's with a priority. */
import type { ErrorCode } from '../../../base/errors.ts'
import { ERRORS, PlimsollError } from '../../../base/errors.ts'

export interface Fault {
  readonly code: string
  readonly message: string
  readonly hint: string | undefined
}

const MAX_MESSAGE_CHARS = 2_000

/** `undefined`: the line is no complaint, but says how things go. */
export function parseFault(line: string): Fault | undefined {
  const [, priority, json = ''] = /^(?:<(\d)>)?(.*)$/.exec(line) ?? []
  if (json === '' || Number(priority ?? 0) > 4) return undefined
  try {
    const { level, code, message, hint } = JSON.parse(json) as Readonly<Record<string, unknown>>
    if (level === 'info') return undefined
    return {
      code: String(code),
      message: String(message).slice(0, MAX_MESSAGE_CHARS),
      hint: typeof hint === 'string' ? hint : undefined,
    }
  } catch {
    // A stack, or the runtime itself.
    return { code: 'PLM_INTERNAL', message: line.slice(0, MAX_MESSAGE_CHARS), hint: undefined }
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code)
}

/** The error of a process that ended at its start: expected where it has a known code. */
export function errorOfStart(what: string, how: string, fault: Fault | undefined): Error {
  if (fault === undefined) return new Error(`${what} ended at its start: ${how}`)
  const { code, message, hint } = fault
  if (!isErrorCode(code)) return new Error(`${what} ended at its start, ${how}: ${message}`)
  return new PlimsollError(code, message, hint === undefined ? {} : { hint })
}
