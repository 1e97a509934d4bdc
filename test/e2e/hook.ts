/** @module For the tests of notifications: a real server that takes them. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Cleanup } from './web-server.ts'

export interface Hooked {
  readonly schema: string
  readonly reason: string
  readonly subject: { readonly id: string } | null
  readonly data: { readonly what: string }
}

export interface Hook {
  readonly url: string
  readonly got: Hooked[]
}

export async function openHook(context: Cleanup): Promise<Hook> {
  const got: Hooked[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      got.push(JSON.parse(body) as Hooked)
      response.end()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/leaks`, got }
}
