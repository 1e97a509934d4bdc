/** @module All routes behind one gate: what every request must show, and every answer carries. */
import type { Context } from 'hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Access } from '../../core/wire/api.ts'
import { findForgery, isOurHost } from './access.ts'
import { addActRoutes } from './act-routes.ts'
import { healthDocument } from './documents.ts'
import { refuse } from './failure.ts'
import { hasSession, login } from './login.ts'
import { serveMetrics } from './metrics.ts'
import { addReadRoutes } from './read-routes.ts'
import { serveStatic } from './static-files.ts'
import { serveStream } from './stream.ts'
import type { Variables, Web } from './web.ts'

const MAX_BODY_BYTES = 64 * 1024

const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
}

/** What a request may see, below /api/v1; `full` sees all. */
const OPEN_ROUTES: Readonly<Record<Exclude<Access, 'full'>, readonly string[]>> = {
  public: ['/api/v1/session', '/api/v1/snapshot'],
  none: ['/api/v1/session'],
}

type App = Hono<{ Variables: Variables }>

/** Every request names this server; every answer has the headers. */
function addGate(app: App, web: Web): void {
  app.use(async (c, next) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.header(name, value)
    c.header('cache-control', 'no-store')
    const host = c.req.header('host')
    if (!isOurHost(host, web.allowedHosts)) {
      return refuse(c, { code: 'misdirected', message: `${host} is no name of this server` })
    }
    const isFull = hasSession(c, web.sessions, web.cookie, web.nowMs())
    c.set('access', isFull ? 'full' : web.hasPublicView ? 'public' : 'none')
    return next()
  })
}

/** Below /api/v1: a session, and for what acts, a page of our own. */
function addApiGate(api: App, web: Web): void {
  api.use(async (c, next) => {
    const access = c.get('access')
    if (access !== 'full' && !OPEN_ROUTES[access].includes(c.req.path)) {
      return refuse(c, { code: 'unauthorized', message: 'expected the cookie of a session' })
    }
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next()
    const forgery = findForgery(
      {
        host: c.req.header('host'),
        origin: c.req.header('origin'),
        secFetchSite: c.req.header('sec-fetch-site'),
        contentType: c.req.header('content-type'),
      },
      web.cookie.isSecure,
    )
    return forgery === undefined ? next() : refuse(c, { code: 'forbidden', message: forgery })
  })
  // After the rest, since it may read the body, and a stranger's is not read at all.
  api.use(
    bodyLimit({
      maxSize: MAX_BODY_BYTES,
      onError: (c) =>
        refuse(c, { code: 'too-large', message: `expected at most ${MAX_BODY_BYTES} bytes` }),
    }),
  )
}

/** What no handler took: a wrong method of a route that there is, or nothing of ours. */
function refuseUnknown(c: Context, app: App): Response {
  const path = c.req.path
  const methods = app.routes
    .filter((route) => route.method !== 'ALL' && matchesRoute(route.path, path))
    .map((route) => route.method)
  if (methods.length === 0) {
    return refuse(c, { code: 'not-found', message: `there is no ${path.slice(0, 200)}` })
  }
  c.header('allow', [...new Set(methods)].join(', '))
  const message = `expected ${methods.join(' or ')}, got ${c.req.method}`
  return refuse(c, { code: 'method-not-allowed', message })
}

function matchesRoute(pattern: string, path: string): boolean {
  const parts = pattern.split('/')
  const given = path.split('/')
  if (parts.length !== given.length) return false
  return parts.every((part, index) => part.startsWith(':') || part === given[index])
}

export function createApp(web: Web): App {
  const app: App = new Hono()
  addGate(app, web)
  app.get('/healthz', (c) => {
    const health = healthDocument(web.guard, web.nowMs())
    return c.json(health, health.status === 'ok' ? 200 : 503)
  })
  app.get('/metrics', (c) => serveMetrics(c, web, c.get('access')))
  app.get('/login', (c) => login(c, web))

  const api: App = new Hono()
  addApiGate(api, web)
  api.get('/stream', (c) => serveStream(c, web.hub))
  addReadRoutes(api, web)
  addActRoutes(api, web)
  app.route('/api/v1', api)

  app.notFound((c) => {
    const isRead = c.req.method === 'GET' || c.req.method === 'HEAD'
    const isApi = c.req.path.startsWith('/api/')
    const file = isRead && !isApi ? serveStatic(c, web.files) : undefined
    return file ?? refuseUnknown(c, app)
  })
  app.onError((error, c) => {
    // Who asked broke off within the body: nobody reads the answer, and it is no bug.
    const hasBrokenOff = 'code' in error && error.code === 'ECONNRESET'
    if (!hasBrokenOff) web.onBug(error)
    return refuse(c, { code: 'internal', message: 'the answer could not be made' })
  })
  return app
}
