/** @module To a URL: the event as JSON by POST. Redirects are not followed: they lead elsewhere. */
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
import { isIP } from 'node:net'
import type { Channel } from './records.ts'
import { DeliveryError, eventDocument } from './records.ts'

/** For some forty minutes: a leak takes hours, and whoever is told may be away for a while. */
const TRIES = 16
const MAX_URL_CHARS = 2_048

/** Why `text` is no URL that events are sent to; `undefined` when it is. */
export function findUrlFault(text: string): string | undefined {
  if (text.length > MAX_URL_CHARS || !URL.canParse(text)) return 'expected a URL'
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return 'expected a URL without a name and password'
  if (protocol === 'https:') return undefined
  const isLoopback =
    hostname === 'localhost' ||
    hostname === '[::1]' ||
    (isIP(hostname) === 4 && hostname.startsWith('127.'))
  if (protocol === 'http:' && isLoopback) return undefined
  return 'expected an https: URL, or http: to this host itself'
}

type Send = (
  url: URL,
  options: RequestOptions,
  answer: (r: IncomingMessage) => void,
) => ClientRequest

/** Loaded by the first delivery: most processes never have one, and TLS costs memory. */
function senderFor(url: URL): Send {
  return url.protocol === 'https:'
    ? process.getBuiltinModule('node:https').request
    : process.getBuiltinModule('node:http').request
}

function judgeStatus(status: number, host: string): DeliveryError | undefined {
  if (status >= 200 && status < 300) return undefined
  const mayRetry = status >= 500 || status === 429 || status === 408
  const why = status >= 300 && status < 400 ? ', and redirects are not followed' : ''
  return new DeliveryError(`${host} answered ${status}${why}`, mayRetry)
}

/** @param address as `findUrlFault` has nothing against */
export function webhookChannel(address: string, version: string): Channel {
  const url = new URL(address)
  return {
    name: 'webhook',
    tries: TRIES,
    atOnce: 1,
    deliver(notification, signal) {
      const body = eventDocument(notification)
      return new Promise((resolve, reject) => {
        const options = {
          method: 'POST',
          agent: false,
          signal,
          headers: {
            'content-type': 'application/json',
            'content-length': Buffer.byteLength(body),
            'user-agent': `plimsoll/${version}`,
            'idempotency-key': notification.event.id,
          },
        } as const
        const request = senderFor(url)(url, options, (response) => {
          const fault = judgeStatus(response.statusCode ?? 0, url.host)
          // What it says beyond its status is not read.
          response.destroy()
          if (fault === undefined) resolve()
          else reject(fault)
        })
        request.on('error', (error) =>
          reject(new DeliveryError(`${url.host}: ${error.message}`, true)),
        )
        request.end(body)
      })
    },
  }
}
