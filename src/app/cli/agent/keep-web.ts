/** @module Sees to it that the web process runs: it may die under pressure, and comes back. */

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { messageOf } from '../../../base/errors.ts'
import { WEB_FLAGS } from '../../../io/guard/node-flags.ts'
import { isJournalLine } from '../../../io/notify/journal.ts'
import { isJournal } from '../../../linux/journal-stream.ts'
import { nextWaitMs } from './backoff.ts'
import type { Child } from './child.ts'
import { followChild } from './child.ts'
import type { Fault } from './fault.ts'
import { errorOfStart, parseFault } from './fault.ts'
import { writePrivate } from './private-file.ts'
import type { Say } from './say.ts'

export interface WebOptions {
  /** web.cjs */
  readonly program: string
  readonly settingsFile: string
  /** The port it had, so that addresses and cookies stay good; `null`: as configured. */
  readonly makeSettings: (port: number | null) => unknown
  readonly say: Say
}

interface Listening {
  readonly url: string
  /** With the one-time token; `null`: where this is printed, others may read it. */
  readonly loginUrl: string | null
  /** How to log in, for people. */
  readonly login: string
}

export interface KeptWeb {
  /** Rejects with what the web process itself says, where it ends at its start. */
  readonly ready: Promise<Listening & { readonly pid: number }>
  stop(): Promise<void>
}

interface WebChild extends Child {
  /** `undefined`: it ended before. */
  readonly listening: Promise<Listening | undefined>
}

const JOURNAL = process.env.JOURNAL_STREAM

function parseListening(line: string): Listening {
  const { listening: url, loginFile } = JSON.parse(line) as { listening: string; loginFile: string }
  // Whoever may read the journal may not log in for all that; the file is its owner's alone.
  if (isJournal(1, JOURNAL)) return { url, loginUrl: null, login: `the address in ${loginFile}` }
  const loginUrl = readFileSync(loginFile, 'utf8').trim()
  return { url, loginUrl, login: loginUrl }
}

/**
 * In a group of its own, so that Ctrl-C reaches this process alone, which then ends it in order. Its
 * standard input ends with this process, and it then ends, too.
 */
function startWebProcess(
  { program, settingsFile, makeSettings }: WebOptions,
  port: number | null,
  onFault: (fault: Fault) => void,
): WebChild {
  writePrivate(settingsFile, JSON.stringify(makeSettings(port)))
  const child = spawn(process.execPath, [...WEB_FLAGS, program, '--settings', settingsFile], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
    // It writes for the journal where this process hands that on to the journal.
    env: isJournal(2, JOURNAL) ? process.env : { ...process.env, JOURNAL_STREAM: undefined },
  })
  child.stdin.on('error', () => {})
  createInterface(child.stderr).on('line', (line) => {
    // Its notifications are the journal's, as they are.
    if (isJournalLine(line)) process.stderr.write(`${line}\n`)
    const fault = isJournalLine(line) ? undefined : parseFault(line)
    if (fault !== undefined) onFault(fault)
  })
  const listening = new Promise<Listening | undefined>((resolve, reject) => {
    createInterface(child.stdout)
      .once('line', (line) => {
        try {
          resolve(parseListening(line))
        } catch (error) {
          reject(error)
        }
      })
      .once('close', () => resolve(undefined))
  })
  return { ...followChild(child), listening }
}

export function keepWeb(options: WebOptions): KeptWeb {
  const { say } = options
  let child: WebChild | undefined
  let fault: Fault | undefined
  let retry: NodeJS.Timeout | undefined
  let port: number | null = null
  let waitMs = 0
  let isUp = false
  let isStopping = false

  function onFault(given: Fault): void {
    fault = given
    // Whether there is a guard is told by who keeps it.
    if (isUp && given.code !== 'PLM_SOCKET') say('warning', `web process: ${given.message}`)
  }

  async function launch(): Promise<Listening> {
    fault = undefined
    const started = startWebProcess(options, port, onFault)
    child = started
    const listening = await started.listening
    if (listening === undefined) {
      throw errorOfStart('the web process', (await started.ended).how, fault)
    }
    void started.ended.then((end) => {
      if (isStopping) return
      say('warning', `web process ${started.pid} ended (${end.how}); it is started again`)
      startLater(end.livedMs)
    })
    return listening
  }

  function startLater(livedMs: number): void {
    waitMs = nextWaitMs(waitMs, livedMs)
    retry = setTimeout(() => {
      launch().then(
        ({ loginUrl, login }) => {
          const webPid = child?.pid
          say('lifecycle', `the dashboard is back: ${login}`, {
            what: 'web-started',
            webPid,
            loginUrl,
          })
        },
        (error: unknown) => {
          if (isStopping) return
          say('warning', `web process: ${messageOf(error)}`)
          startLater(0)
        },
      )
    }, waitMs)
  }

  async function begin(): Promise<Listening & { pid: number }> {
    const listening = await launch()
    isUp = true
    // A URL leaves the port out where it is its scheme's own, and that was configured.
    port = Number(new URL(listening.url).port) || null
    return { ...listening, pid: child?.pid ?? 0 }
  }

  return {
    ready: begin(),
    async stop() {
      isStopping = true
      clearTimeout(retry)
      await child?.end()
    },
  }
}
