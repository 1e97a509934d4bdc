/** @module GET /login?token=...: the one-time token for the session's cookie, and who has one. */
import type { Context } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { html } from 'hono/html'
import { isFromElsewhere } from './access.ts'
import { FAILURES, refuse } from './failure.ts'
import type { Sessions } from './sessions.ts'
import { SESSION_MS } from './sessions.ts'
import type { Web } from './web.ts'

/**
 * The cookie's name. It has the port in it, since cookies are one host's, whatever the port, and two
 * servers on it would take each other's away.
 */
export interface CookieSettings {
  readonly name: string
  readonly isSecure: boolean
}

export function cookieSettings(port: number, isSecure: boolean): CookieSettings {
  // The prefix makes browsers insist on Secure and Path=/, so that no neighbour can set it.
  return { name: `${isSecure ? '__Host-' : ''}plimsoll_${port}`, isSecure }
}

/** Whether the request has a valid session, and no other site's page sent it. */
export function hasSession(
  c: Context,
  sessions: Sessions,
  cookie: CookieSettings,
  nowMs: number,
): boolean {
  if (isFromElsewhere(c.req.header('sec-fetch-site'))) return false
  return sessions.isValid(getCookie(c, cookie.name), nowMs)
}

/**
 * Goes on by a refresh and not by a redirect: a browser that came here by a link elsewhere would not
 * send a SameSite=Strict cookie along a redirect.
 */
const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url=/">
<title>Plimsoll</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<p>You are logged in. <a href="/">To the dashboard</a></p>
</html>
`

/** For a person at a browser, who followed a link twice or kept an old one. */
function failurePage(loginCommand: string) {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Not logged in · Plimsoll</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/app.css">
<main>
<h1 class="sentence">Not logged in: this address is wrong, or was used before</h1>
<section class="panel login">
<p>Each address logs in once. The current one is shown, to who may read it, by</p>
<pre>${loginCommand}</pre>
<p><a href="/">What every visitor sees</a></p>
</section>
</main>
</html>
`
}

export function login(c: Context, web: Web): Response | Promise<Response> {
  const { sessions, cookie, loginCommand } = web
  // A browser that fetches ahead, or asks for the headers alone, must not use up the token.
  const isAhead = c.req.header('sec-purpose')?.includes('prefetch') === true
  if (c.req.method !== 'GET' || isAhead) {
    return refuse(c, { code: 'method-not-allowed', message: 'expected a plain GET of /login' })
  }
  const session = sessions.exchange(c.req.query('token') ?? '', web.nowMs())
  if (session === undefined) {
    if (c.req.header('accept')?.includes('text/html')) {
      return c.html(failurePage(loginCommand), FAILURES.unauthorized.status)
    }
    return refuse(c, {
      code: 'unauthorized',
      message: 'expected the current one-time token; this one is wrong or was used before',
      hint: `\`${loginCommand}\` shows the current address.`,
    })
  }
  setCookie(c, cookie.name, session, {
    httpOnly: true,
    sameSite: 'Strict',
    path: '/',
    secure: cookie.isSecure,
    maxAge: SESSION_MS / 1000,
  })
  return c.html(PAGE)
}
