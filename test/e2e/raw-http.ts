/** @module Requests as no browser would send them, and event streams read at one's own pace. */
import type { IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http'
import { request } from 'node:http'
import { request as requestTls } from 'node:https'

export interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The text as JSON. */
  readonly json: () => never
}

/** No answer and no stream takes longer: a test that waits for what never comes fails. */
const DEADLINE_MS = 30_000

function open(url: string, path: string, asked: Asked): Promise<IncomingMessage> {
  const { method = 'GET', headers = {}, body } = asked
  const { hostname, port, protocol } = new URL(url)
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const options: RequestOptions = { hostname, port, path, method, headers, signal, agent: false }
  return new Promise((resolve, reject) => {
    const sent =
      protocol === 'https:'
        ? requestTls({ ...options, rejectUnauthorized: false }, resolve)
        : request(options, resolve)
    sent.on('error', reject)
    sent.end(body)
  })
}

/** The path goes out as it is: no normalising. */
export async function ask(url: string, path: string, asked: Asked = {}): Promise<Answer> {
  const response = await open(url, path, asked)
  let text = ''
  response.setEncoding('utf8')
  for await (const chunk of response) text += chunk
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text,
    json: () => JSON.parse(text) as never,
  }
}

export interface StreamedEvent {
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
}

export interface EventStream {
  readonly response: IncomingMessage
  /** Reads until one is as wanted, and gives that one. */
  readonly until: (isWanted: (event: StreamedEvent) => boolean) => Promise<StreamedEvent>
  readonly close: () => void
}

async function* readEvents(response: IncomingMessage): AsyncGenerator<StreamedEvent> {
  let text = ''
  response.setEncoding('utf8')
  for await (const chunk of response) {
    text += chunk
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const found = /^event: (.+)\ndata: (.+)$/.exec(text.slice(0, end))
      text = text.slice(end + 2)
      if (found) yield { type: found[1] as string, body: JSON.parse(found[2] as string) }
    }
  }
}

/** Opens /api/v1/stream; nothing is read from the socket before `until` asks for it. */
export async function openStream(url: string, cookie: string): Promise<EventStream> {
  const response = await open(url, '/api/v1/stream', { headers: { cookie } })
  const events = readEvents(response)
  return {
    response,
    async until(isWanted) {
      for (;;) {
        const { value, done } = await events.next()
        if (done) throw new Error('the stream ended before the wanted event')
        if (isWanted(value)) return value
      }
    },
    close: () => response.destroy(),
  }
}
