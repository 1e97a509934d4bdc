/** @module The entry of the command line: runs one command; it alone sets the exit code. */
import { EXIT, PlimsollError } from '../../base/errors.ts'
import { explainFailure } from './failure.ts'
import { createProgram } from './program.ts'

/** As package.json's engines has it. An older one would run until it meets what it does not know. */
const NODE_FROM = 24

/** Ends at once: whatever a command that failed has left open must not keep it. */
function fail(error: unknown): void {
  const { exit, text } = explainFailure(error)
  if (text !== '') process.stderr.write(`${text}\n`)
  process.exit(exit)
}

/** Whoever read the output has seen enough (`| head`): no error. What runs on is asked to end. */
function endAtClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
  if (!process.emit('SIGTERM', 'SIGTERM')) process.exit(EXIT.ok)
}

process.stdout.on('error', endAtClosedPipe)
process.stderr.on('error', endAtClosedPipe)
process.on('uncaughtException', fail)

if (Number.parseInt(process.versions.node, 10) < NODE_FROM) {
  const message = `expected Node ${NODE_FROM} or later, got ${process.version}`
  fail(new PlimsollError('PLM_NODE', message))
}
createProgram((code) => {
  process.exitCode = code
})
  .parseAsync()
  .catch(fail)
