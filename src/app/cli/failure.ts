/** @module What a person is told when a command fails, and the exit code that scripts see. */
import { CommanderError } from 'commander'
import type { ExitCode } from '../../base/errors.ts'
import { ERRORS, EXIT, PlimsollError } from '../../base/errors.ts'
import { escapeForTerminal } from '../../base/escape.ts'

export interface Failure {
  readonly exit: ExitCode
  /** For stderr, safe to print; empty where it was said already. */
  readonly text: string
}

function escapeLines(text: string): string {
  return text.split('\n').map(escapeForTerminal).join('\n')
}

/** An expected error is a sentence and what to do; anything else is a bug, with its stack. */
export function explainFailure(error: unknown): Failure {
  if (error instanceof CommanderError) {
    // Help and version come this way too; commander has printed what there is to say.
    return { exit: error.exitCode === 0 ? EXIT.ok : EXIT.usage, text: '' }
  }
  if (error instanceof PlimsollError) {
    const text = escapeLines(`plimsoll: ${error.message}\n${error.code}: ${error.hint}`)
    return { exit: ERRORS[error.code].exit, text }
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    exit: EXIT.internal,
    text: escapeLines(`plimsoll: this is a bug, please report it\n${stack}`),
  }
}
