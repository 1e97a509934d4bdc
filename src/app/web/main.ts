/**
 * @module The web process: dashboard, API, metrics and history. `node web.cjs --settings FILE` with a
 * JSON of WebSettings. Once it listens it says so in one JSON line on stdout; SIGTERM and SIGINT end
 * it, and so does, with `stopAtStdinEnd`, the end of its standard input.
 */
import { ERRORS, EXIT, messageOf, PlimsollError } from '../../base/errors.ts'
import { createWebLog } from './log.ts'
import { startWeb } from './serve.ts'
import { readWebSettings } from './settings.ts'

/** Connections that do not close in time do not keep the process. */
const STOP_WITHIN_MS = 5_000

function stopOnce(stop: () => Promise<void>): () => void {
  let isStopping = false
  return () => {
    if (isStopping) return
    isStopping = true
    setTimeout(() => process.exit(EXIT.internal), STOP_WITHIN_MS).unref()
    void stop().then(() => process.exit(EXIT.ok))
  }
}

async function main(): Promise<void> {
  const settings = readWebSettings(process.argv.slice(2))
  const log = createWebLog()
  const web = await startWeb(settings, log)
  const stop = stopOnce(() => web.stop())
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
  if (settings.stopAtStdinEnd) process.stdin.on('end', stop).on('error', stop).resume()
  const line = { listening: web.url, loginFile: settings.loginFile, pid: process.pid }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

main().catch((error: unknown) => {
  const isExpected = error instanceof PlimsollError
  const line = {
    code: isExpected ? error.code : 'PLM_INTERNAL',
    message: messageOf(error),
    hint: isExpected ? error.hint : undefined,
  }
  process.stderr.write(`${JSON.stringify(line)}\n`)
  // What listens by now would keep a process that serves nobody; stderr was written; Node
  // writes pipes and files synchronously on Linux.
  process.exit(isExpected ? ERRORS[error.code].exit : EXIT.internal)
})
