/** @module The entry of the command line: runs one command; it alone sets the exit code. */
import { EXIT } from '../../base/errors.ts'
import { explainFailure } from './failure.ts'
import { createProgram } from './program.ts'

function fail(error: unknown): void {
  const { exit, text } = explainFailure(error)
  if (text !== '') process.stderr.write(`${text}\n`)
  process.exitCode = exit
}

/** Whoever read the output has seen enough (`| head`): no error. What runs on is asked to end. */
function endAtClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(EXIT.ok)
}

process.stdout.on('error', endAtClosedPipe)
process.stderr.on('error', endAtClosedPipe)
process.on('uncaughtException', (error) => {
  fail(error)
  process.exit()
})

createProgram((code) => {
  process.exitCode = code
})
  .parseAsync()
  .catch(fail)
