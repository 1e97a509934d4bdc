/** @module What guard and web process are told at their start, from the configuration. */
import type { Config } from '../../../io/config/table.ts'
import type { GuardSettings } from '../../../io/guard/settings.ts'
import { GUARD_DEFAULTS } from '../../../io/guard/settings.ts'
import { rulesOf } from '../guard/settings.ts'
import type { Places } from './places.ts'

/** @param socketGid group of the web process, where that runs as another user; `null`: none */
export function guardSettings(
  config: Config,
  places: Places,
  socketGid: number | null,
): GuardSettings {
  return {
    ...GUARD_DEFAULTS,
    intervalMs: config.agent.interval,
    maxSeries: config.agent.max_series,
    socketPath: places.guardSocket,
    socketGid,
    stateFile: places.guardState,
    victims: config.guard.mode === 'off' ? null : { rules: rulesOf(config) },
    console: { isOn: config.console.guard, journalFile: places.consoleJournal, hostRoot: '' },
    recorder: config.recorder.on
      ? { file: places.recorderFile, bytes: config.recorder.size, kmsg: '/dev/kmsg' }
      : null,
    agent: {
      socket: places.agentSocket,
      files: [places.guardPid, places.guardSettings, places.webSettings, places.loginFile],
    },
  }
}

/**
 * As the web process checks it again at its start.
 * @param port the one that it had before, so that addresses and cookies stay good
 */
export function webSettings(
  { agent, web, history, notify }: Config,
  places: Places,
  { port, uiDir, guardGid }: { port: number; uiDir: string; guardGid: number | null },
): Readonly<Record<string, unknown>> {
  return {
    listen: web.listen,
    port,
    allowedHosts: web.allowed_hosts,
    tlsCertFile: web.tls_cert,
    tlsKeyFile: web.tls_key,
    allowPlainHttp: web.plain_http,
    metricsToken: web.metrics_token,
    runAs: web.user,
    guardGid,
    guardSocket: places.guardSocket,
    stateDir: places.stateDir,
    loginFile: places.loginFile,
    historyFile: places.historyFile,
    historyMaxBytes: history.max_size,
    kernelLog: agent.kernel_log,
    notify: { journal: notify.journal, webhooks: notify.webhook, command: notify.command },
    uiDir,
    stopAtStdinEnd: true,
  }
}
