/** @module GET /api/v1/stream: one reader of the hub as server-sent events. */
import type { Context } from 'hono'
import { refuse } from './failure.ts'
import type { Hub } from './hub.ts'

export function serveStream(c: Context, hub: Hub): Response {
  c.header('content-type', 'text/event-stream')
  c.header('cache-control', 'no-store')
  // For proxies that would otherwise gather it (nginx).
  c.header('x-accel-buffering', 'no')
  // Who asks for the headers alone takes no place: nobody would ever give that back.
  if (c.req.method === 'HEAD') return c.body(null)
  const reader = hub.join()
  if (reader === undefined) {
    c.header('retry-after', '10')
    return refuse(c, { code: 'unavailable', message: 'all places for streams are taken' })
  }
  const chunks = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await reader.next()
        if (chunk === undefined) controller.close()
        else controller.enqueue(chunk)
      },
      cancel: () => reader.close(),
    },
    // Nothing is taken from the queue before the socket wants it.
    { highWaterMark: 0 },
  )
  return c.body(chunks)
}
