/**
 * @module To a program of the owner's: run for each event, without a shell. Names of processes are
 * any bytes that their owners like: they stand in the environment alone, never in an argument.
 */
import { spawn } from 'node:child_process'
import type { Channel, Notification } from './records.ts'
import { DeliveryError, eventDocument } from './records.ts'

const AT_ONCE = 2
/** Of what it says on standard error, for the message of its failure. */
const MAX_OUTPUT_CHARS = 500
const SAFE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** All that the program is given; nothing of this process' own environment but its PATH and words. */
export function commandEnvironment(notification: Notification): Record<string, string> {
  const { event, what, name, hostName, limit, url } = notification
  const { subject } = event
  const told: Readonly<Record<string, string>> = {
    EVENT: eventDocument(notification),
    WHAT: what,
    REASON: event.reason,
    NAME: name,
    HOST: hostName,
    URL: url,
    LIMIT: limit?.kind ?? '',
    HEADROOM_BYTES: limit === null ? '' : String(limit.headroomBytes),
    SUBJECT_ID: subject?.id ?? '',
    PID: subject?.pid == null ? '' : String(subject.pid),
    UNIT: subject?.unit ?? '',
    CONTAINER: subject?.container ?? '',
  }
  const own = Object.entries(told).map(([key, value]) => [
    `PLIMSOLL_${key}`,
    // No environment holds a NUL.
    value.replaceAll('\0', ''),
  ])
  const { PATH = SAFE_PATH, LANG = 'C.UTF-8', HOME = '/' } = process.env
  return { PATH, LANG, HOME, ...Object.fromEntries(own) }
}

/** Ends it with all that it started. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}

/** @param command program and arguments, not empty */
export function commandChannel(command: readonly string[]): Channel {
  const [program = '', ...args] = command
  return {
    name: 'command',
    tries: 1,
    atOnce: AT_ONCE,
    deliver(notification, signal) {
      return new Promise((resolve, reject) => {
        const child = spawn(program, args, {
          cwd: '/',
          env: commandEnvironment(notification),
          stdio: ['ignore', 'ignore', 'pipe'],
          detached: true,
        })
        let output = ''
        child.stderr.setEncoding('utf8').on('data', (text: string) => {
          output = (output + text).slice(0, MAX_OUTPUT_CHARS)
        })
        const stop = (): void => killGroup(child.pid)
        signal.addEventListener('abort', stop, { once: true })
        const end = (why: string | undefined): void => {
          signal.removeEventListener('abort', stop)
          // A child of its own that holds the pipe must not hold this.
          child.stderr.destroy()
          if (why === undefined) resolve()
          else reject(new DeliveryError(`${program} ${why}${output && `: ${output}`}`, false))
        }
        child.once('error', (error) => end(`cannot be run: ${error.message}`))
        child.once('exit', (code, by) => {
          if (signal.aborted) return end('took too long and was ended')
          end(code === 0 ? undefined : `ended with ${by ?? `exit code ${code}`}`)
        })
      })
    },
  }
}
