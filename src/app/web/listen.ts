/** @module The socket that browsers connect to, with a bound on everything that they may hold. */
import type { Server } from 'node:http'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { PlimsollError } from '../../base/errors.ts'
import type { Certificate } from './tls.ts'

const MAX_CONNECTIONS = 256
const LIMITS = {
  /** From the connection to the last header, and to the last byte of the body. */
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
} as const
/**
 * A connection on which no byte moves for so long is closed: a reader that takes nothing more. Streams
 * that are read carry a beat more often than that.
 */
const STALLED_MS = 60_000

export interface Listening {
  readonly server: Server
  /** With scheme and port, without a path. */
  readonly port: number
}

function explain(error: NodeJS.ErrnoException, at: string): string {
  if (error.code === 'EADDRINUSE') return `${at} is taken`
  if (error.code === 'EADDRNOTAVAIL') return `this host has no address ${at}`
  if (error.code === 'EACCES') return `this user may not listen on ${at}`
  return `cannot listen on ${at}: ${error.message}`
}

/**
 * Listens; requests wait until somebody handles the server's 'request'.
 * @param certificate `null`: plain HTTP
 * @throws PlimsollError PLM_PORT
 */
export function openListener(
  address: string,
  port: number,
  certificate: Certificate | null,
): Promise<Listening> {
  const server: Server =
    certificate === null ? createServer(LIMITS) : createTlsServer({ ...LIMITS, ...certificate })
  server.maxConnections = MAX_CONNECTIONS
  server.timeout = STALLED_MS
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      reject(new PlimsollError('PLM_PORT', explain(error, `${address}:${port}`)))
    })
    server.listen(port, address, () => {
      server.removeAllListeners('error')
      resolve({ server, port: (server.address() as AddressInfo).port })
    })
  })
}
