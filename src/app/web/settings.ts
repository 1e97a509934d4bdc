/** @module What the web process is told at its start: a JSON file, written by the command line. */
import { readFileSync } from 'node:fs'
import { messageOf, PlimsollError } from '../../base/errors.ts'
import type { FieldShape } from '../../core/wire/shape.ts'
import { findMismatch, orNull } from '../../core/wire/shape.ts'
import { findUrlFault } from '../../io/notify/webhook.ts'
import type { NotifySettings } from './notify/notifier.ts'

export interface WebSettings {
  /** Address to listen on. Anything but loopback is served by TLS, unless `allowPlainHttp`. */
  readonly listen: string
  /** 0: any free one. */
  readonly port: number
  /** Host names that a request may name besides loopback's, this host's and any IP address. */
  readonly allowedHosts: readonly string[]
  /** PEM files; both or neither. */
  readonly tlsCertFile: string | null
  readonly tlsKeyFile: string | null
  /** Beyond loopback without TLS, where a proxy before it adds that. */
  readonly allowPlainHttp: boolean
  /** Where a self-signed certificate is made and kept. Belongs to who starts the process. */
  readonly stateDir: string
  readonly guardSocket: string
  /**
   * `null`: history in memory only. In a directory of its own: where the process starts as root, it
   * is handed to `runAs`.
   */
  readonly historyFile: string | null
  readonly historyMaxBytes: number
  /** Where the one-time login address stands, 0600. */
  readonly loginFile: string
  readonly notify: NotifySettings
  /** /dev/kmsg, or a file or pipe that gets the same; `null`: no kernel log is read. */
  readonly kernelLog: string | null
  /** The dashboard's files. */
  readonly uiDir: string
  readonly procRoot: string
  /** Bearer token that opens all of /metrics to a scraper; `null`: only a session does. */
  readonly metricsToken: string | null
  /** User to become where the process starts as root. */
  readonly runAs: string
  /** Group that the guard's socket belongs to, kept when root is given up; `null`: none. */
  readonly guardGid: number | null
  /** For a child of the agent: ends when its standard input does, so that it outlives no parent. */
  readonly stopAtStdinEnd: boolean
}

export const WEB_DEFAULTS = {
  listen: '127.0.0.1',
  port: 0,
  allowedHosts: [],
  tlsCertFile: null,
  tlsKeyFile: null,
  allowPlainHttp: false,
  historyFile: null,
  historyMaxBytes: 256 * 1024 * 1024,
  notify: { journal: true, webhooks: [], command: null },
  kernelLog: null,
  procRoot: '/proc',
  metricsToken: null,
  runAs: 'nobody',
  guardGid: null,
  stopAtStdinEnd: false,
} as const satisfies Partial<WebSettings>

const SHAPE: Readonly<Record<keyof WebSettings, FieldShape>> = {
  listen: 'string',
  port: 'count',
  allowedHosts: 'strings',
  tlsCertFile: orNull('string'),
  tlsKeyFile: orNull('string'),
  allowPlainHttp: 'boolean',
  stateDir: 'string',
  guardSocket: 'string',
  historyFile: orNull('string'),
  historyMaxBytes: 'count',
  loginFile: 'string',
  uiDir: 'string',
  notify: {
    fields: {
      journal: 'boolean',
      webhooks: { each: { fields: { url: 'string' } } },
      command: orNull('strings'),
    },
  },
  kernelLog: orNull('string'),
  procRoot: 'string',
  metricsToken: orNull('string'),
  runAs: 'string',
  guardGid: orNull('count'),
  stopAtStdinEnd: 'boolean',
}

const MAX_PORT = 65_535
const MIN_TOKEN_CHARS = 16

function findFault(given: WebSettings): string | undefined {
  const unknown = Object.keys(given).find((key) => !(key in SHAPE))
  if (unknown !== undefined) return `${unknown}: there is no such key`
  const mismatch = findMismatch(given, { fields: SHAPE }, 'settings')
  if (mismatch !== null) return mismatch
  if (given.port > MAX_PORT) return `port: expected 0 to ${MAX_PORT}, got ${given.port}`
  if ((given.tlsCertFile === null) !== (given.tlsKeyFile === null)) {
    return 'tlsCertFile and tlsKeyFile: expected both or neither, got one'
  }
  if (given.metricsToken !== null && given.metricsToken.length < MIN_TOKEN_CHARS) {
    return `metricsToken: expected at least ${MIN_TOKEN_CHARS} characters`
  }
  for (const { url } of given.notify.webhooks) {
    const fault = findUrlFault(url)
    if (fault !== undefined) return `notify: webhook ${url.slice(0, 100)}: ${fault}`
  }
  if (given.notify.command?.[0]?.startsWith('/') === false) {
    return `notify: command: expected an absolute path, got ${given.notify.command[0]}`
  }
  return given.notify.command?.length === 0 ? 'notify: command: is empty' : undefined
}

/**
 * Settings of a JSON text, defaults filled in.
 * @param from its file, for the message
 * @throws PlimsollError PLM_CONFIG: a key is missing, unknown or of another type
 */
export function parseWebSettings(text: string, from: string): WebSettings {
  let given: unknown
  try {
    given = JSON.parse(text)
  } catch (error) {
    const why = messageOf(error)
    throw new PlimsollError('PLM_CONFIG', `${from}: expected JSON: ${why}`)
  }
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new PlimsollError('PLM_CONFIG', `${from}: expected an object of settings`)
  }
  // Believed only once findFault has nothing to say.
  const settings = { ...WEB_DEFAULTS, ...(given as WebSettings) }
  const fault = findFault(settings)
  if (fault !== undefined) throw new PlimsollError('PLM_CONFIG', `${from}: ${fault}`)
  return settings
}

/** @throws PlimsollError PLM_USAGE, PLM_CONFIG */
export function readWebSettings(argv: readonly string[]): WebSettings {
  const [flag, path, ...rest] = argv
  if (flag !== '--settings' || path === undefined || rest.length > 0) {
    throw new PlimsollError('PLM_USAGE', 'the web process is started as `web --settings FILE`')
  }
  try {
    return parseWebSettings(readFileSync(path, 'utf8'), path)
  } catch (error) {
    if (error instanceof PlimsollError) throw error
    const why = messageOf(error)
    throw new PlimsollError('PLM_CONFIG', `the settings cannot be read: ${why}`)
  }
}
