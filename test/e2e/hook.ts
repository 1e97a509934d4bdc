/** @module For the tests of notifications: a real server that takes them. */
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Cleanup } from './web-server.ts'

export interface Hooked {
  readonly schema: string
  readonly reason: string
  readonly subject: { readonly id: string; readonly pid: number | null } | null
  readonly hostName: string
  readonly limit: { readonly kind: string } | null
  readonly url: string
  readonly data: { readonly what: string }
}

export interface Hook {
  readonly url: string
  readonly got: Hooked[]
}

/** @param certificate for https, of a server named localhost */
export async function openHook(
  context: Cleanup,
  certificate: { readonly cert: string; readonly key: string } | null = null,
): Promise<Hook> {
  const got: Hooked[] = []
  const take: RequestListener = (request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      got.push(JSON.parse(body) as Hooked)
      response.end()
    })
  }
  const server = certificate === null ? createServer(take) : createTlsServer(certificate, take)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => {
    server.close()
    server.closeAllConnections()
  })
  const origin = certificate === null ? 'http://127.0.0.1' : 'https://localhost'
  return { url: `${origin}:${(server.address() as AddressInfo).port}/leaks`, got }
}
