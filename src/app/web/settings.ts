/** @module What the web process is told at its start: JSON from the command line. */

export interface WebSettings {
  readonly listen: string
  /** 0: any free one. */
  readonly port: number
  /** Host names besides loopback's that a request may name. */
  readonly allowedHosts: readonly string[]
  /** PEM files; both or neither. */
  readonly tlsCertFile: string | null
  readonly tlsKeyFile: string | null
  readonly guardSocket: string
  /** `null`: history in memory only. */
  readonly historyFile: string | null
  readonly historyMaxBytes: number
  /** Where the one-time login address stands, 0600. */
  readonly loginFile: string
  /** The dashboard's files. */
  readonly uiDir: string
}
