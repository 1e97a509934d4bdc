/** @module What a request must show before it is answered at all, and before it may act. */

export interface RequestHeaders {
  readonly host: string | undefined
  readonly origin: string | undefined
  readonly secFetchSite: string | undefined
  readonly contentType: string | undefined
}

const LOOPBACK_NAMES: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/** `host[:port]` without the port, in lower case. */
export function hostNameOf(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase()
}

/**
 * Whether the Host header names this server: a page elsewhere that had its own name resolve to
 * 127.0.0.1 (DNS rebinding) names itself.
 */
export function isOurHost(host: string | undefined, allowed: readonly string[]): boolean {
  if (host === undefined) return false
  const name = hostNameOf(host)
  return LOOPBACK_NAMES.includes(name) || allowed.some((each) => each.toLowerCase() === name)
}

/** Why a request may not act; `undefined` when it may. Cookie and method are checked elsewhere. */
export function findForgery(headers: RequestHeaders): string | undefined {
  const { host, origin, secFetchSite, contentType } = headers
  if (secFetchSite !== undefined && secFetchSite !== 'same-origin') {
    return `expected a request from this page, got Sec-Fetch-Site: ${secFetchSite}`
  }
  if (origin === undefined) return 'expected an Origin header, got none'
  if (origin !== `http://${host}` && origin !== `https://${host}`) {
    return `expected this server's origin, got ${origin}`
  }
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    return `expected Content-Type application/json, got ${contentType ?? 'none'}`
  }
  return undefined
}

/** Whether an address is reachable from this host alone. */
export function isLoopbackAddress(address: string): boolean {
  return address === 'localhost' || address === '::1' || /^127\.\d+\.\d+\.\d+$/.test(address)
}
