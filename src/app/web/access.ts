/** @module What a request must show before it is answered at all, and before it may act. */
import { isIP } from 'node:net'

export interface RequestHeaders {
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly secFetchSite: string | undefined
  readonly contentType: string | undefined
}

/** `host[:port]` without port and brackets, in lower case. */
export function hostNameOf(host: string): string {
  return host
    .replace(/:\d*$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase()
}

/**
 * Whether the Host header names this server: a page elsewhere that had its own name resolve to
 * 127.0.0.1 (DNS rebinding) names itself. It cannot do so with an address, which so may pass.
 */
export function isOurHost(host: string | undefined, allowed: readonly string[]): boolean {
  if (host === undefined) return false
  const name = hostNameOf(host)
  return name === 'localhost' || isIP(name) !== 0 || allowed.includes(name)
}

/** Whether a browser says that another site's page sent the request, so that no cookie counts. */
export function isFromElsewhere(secFetchSite: string | undefined): boolean {
  return secFetchSite === 'cross-site' || secFetchSite === 'same-site'
}

/**
 * Why a request may not act; `undefined` when it may. Cookie and method are checked elsewhere.
 * @param isSecure whether it came by TLS; where it did not, a proxy may have taken that off
 */
export function findForgery(headers: RequestHeaders, isSecure: boolean): string | undefined {
  const { host, origin, secFetchSite, contentType } = headers
  if (secFetchSite !== undefined && secFetchSite !== 'same-origin') {
    return `expected a request from this server's own page, got Sec-Fetch-Site: ${secFetchSite}`
  }
  if (origin === undefined) return 'expected an Origin header, got none'
  const isOurs = origin === `https://${host}` || (!isSecure && origin === `http://${host}`)
  if (!isOurs) return `expected this server's own Origin, got ${origin}`
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    return `expected Content-Type: application/json, got ${contentType ?? 'none'}`
  }
  return undefined
}

/** Whether an address to listen on is reachable from this host alone. */
export function isLoopbackAddress(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address)
}
