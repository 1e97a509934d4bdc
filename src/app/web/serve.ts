/** @module Puts the web process together: certificate, socket, user, history, guard, routes. */

import type { Server } from 'node:http'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { messageOf } from '../../base/errors.ts'
import { VERSION } from '../../base/version.ts'
import { openHistory } from '../../io/history/history.ts'
import { readBootMs, readHostIdentity } from '../../linux/identity.ts'
import { isLoopbackAddress } from './access.ts'
import { createApp } from './app.ts'
import { createEventMaker } from './event-maker.ts'
import { createHub } from './hub.ts'
import { openListener } from './listen.ts'
import type { WebLog } from './log.ts'
import { cookieSettings } from './login.ts'
import { loginCommand, openLoginFile } from './login-file.ts'
import { createNotifier } from './notify/notifier.ts'
import { becomeUser, findUser, handOverHistory, isRoot } from './privileges.ts'
import { openSessionStore } from './session-store.ts'
import { createSessions } from './sessions.ts'
import type { WebSettings } from './settings.ts'
import { readStaticFiles } from './static-files.ts'
import { openCertificate } from './tls.ts'
import { watchGuard } from './watch-guard.ts'
import { followKernelLog, openKernelLog } from './watch-ooms.ts'
import type { Web } from './web.ts'

const BEAT_MS = 15_000

export interface WebServer {
  /** Where it listens: scheme, name and port. */
  readonly url: string
  stop(): Promise<void>
}

const WILDCARDS: readonly string[] = ['0.0.0.0', '::']

/** The name that people elsewhere call this server by. */
function urlOf(settings: WebSettings, port: number, isSecure: boolean): string {
  const { listen } = settings
  const name = WILDCARDS.includes(listen) ? hostname() : listen
  return `${isSecure ? 'https' : 'http'}://${name.includes(':') ? `[${name}]` : name}:${port}`
}

function namesOf({ listen, allowedHosts }: WebSettings): string[] {
  const own = isLoopbackAddress(listen) ? [] : [hostname()]
  return [...own, ...allowedHosts].map((name) => name.toLowerCase())
}

function giveRootUp({ runAs, guardGid, historyFile }: WebSettings, log: WebLog): void {
  const user = findUser(runAs)
  try {
    if (historyFile !== null) handOverHistory(historyFile, user)
  } catch (error) {
    // It then says itself that it stays in memory.
    log.warn(
      'PLM_HISTORY',
      `the directory of ${historyFile} is not given to ${runAs}: ${messageOf(error)}`,
    )
  }
  becomeUser(user, guardGid)
}

function stopServing(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** @throws PlimsollError PLM_TLS, PLM_PORT, PLM_PERMISSION, PLM_CONFIG */
export async function startWeb(settings: WebSettings, log: WebLog): Promise<WebServer> {
  const nowMs = (): number => Date.now()
  const allowedHosts = namesOf(settings)
  const files = readStaticFiles(settings.uiDir)
  const names = [...new Set(['localhost', '127.0.0.1', hostname(), ...allowedHosts])]
  const certificate = openCertificate(settings, names, nowMs())
  const loginFile = openLoginFile(settings.loginFile)
  const readLogin = loginCommand(settings.loginFile, isRoot())
  const sessionStore = openSessionStore(join(settings.stateDir, 'sessions.json'))
  const kernelLog = openKernelLog(settings.kernelLog)
  const { server, port } = await openListener(settings.listen, settings.port, certificate)
  // From here on nothing may be opened that only root can.
  if (isRoot()) giveRootUp(settings, log)

  const isSecure = certificate !== null
  const url = urlOf(settings, port, isSecure)
  const hub = createHub()
  const history = openHistory({
    path: settings.historyFile,
    maxBytes: settings.historyMaxBytes,
    nowMs,
    onTrouble: (message) => log.warn('PLM_HISTORY', message),
  })
  const identity = readHostIdentity(settings.procRoot)
  const makeEventAt = createEventMaker(identity)
  const makeEvent: Web['makeEvent'] = (what) => makeEventAt(what, readBootMs(), nowMs())
  const notifier = createNotifier({
    settings: settings.notify,
    version: VERSION,
    hostName: hostname(),
    url,
    history,
    nowMs,
    makeEvent,
    onTrouble: (message) => log.warn('PLM_NOTIFY', message),
  })
  const guard = watchGuard({
    socketPath: settings.guardSocket,
    history,
    hub,
    nowMs,
    onStatus: ({ connected, reason }) => {
      if (connected) log.info('PLM_SOCKET', reason)
      else log.warn('PLM_SOCKET', reason)
    },
    onTick: (rows) => notifier.look(rows),
  })
  const ooms = followKernelLog(kernelLog, {
    identity,
    history,
    hub,
    bootMs: readBootMs,
    nowMs,
    onTrouble: (message) => log.warn('PLM_LOG', message),
  })
  const app = createApp({
    version: VERSION,
    guard,
    history,
    kernelLog: ooms.state,
    notifyCounts: notifier.counts,
    hub,
    sessions: createSessions(
      sessionStore,
      (token) => loginFile.write(`${url}/login?token=${token}`),
      (message) => log.warn('PLM_SESSIONS', message),
    ),
    loginCommand: readLogin,
    cookie: cookieSettings(port, isSecure),
    files,
    allowedHosts,
    hasPublicView: isLoopbackAddress(settings.listen),
    metricsToken: settings.metricsToken,
    procRoot: settings.procRoot,
    nowMs,
    makeEvent,
    onBug: (error) => log.bug(error),
  })
  server.on('request', getRequestListener(app.fetch))
  // A connection that the kernel has no memory for is lost; the others stay.
  server.on('error', (error) => log.warn('PLM_PORT', error.message))
  const beat = setInterval(() => hub.beat(), BEAT_MS)
  return {
    url,
    async stop() {
      clearInterval(beat)
      guard.stop()
      ooms.stop()
      hub.closeAll()
      await Promise.all([stopServing(server), notifier.stop()])
      history.close()
      sessionStore.close()
      loginFile.close()
    },
  }
}
