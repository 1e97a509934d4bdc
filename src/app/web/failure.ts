/** @module What a request is refused with: one table of codes, one document. */
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { ErrorDocument } from '../../core/wire/api.ts'

/** Code in the document: status and what to do, where the refusal itself knows no better. */
export const FAILURES = {
  'bad-request': { status: 400, hint: 'docs/api.md lists the routes with what they take.' },
  unauthorized: {
    status: 401,
    hint: 'Open the one-time address that `plimsoll agent` prints, then ask again.',
  },
  forbidden: { status: 403, hint: 'Only the page that this server serves may act.' },
  'not-found': { status: 404, hint: 'docs/api.md lists the routes.' },
  'method-not-allowed': { status: 405, hint: 'docs/api.md lists the routes with their methods.' },
  'too-large': { status: 413, hint: 'Send less.' },
  misdirected: {
    status: 421,
    hint: 'Use localhost or an address, or list the name in [web] allowed_hosts.',
  },
  internal: { status: 500, hint: 'The log of the web process has the details.' },
  unavailable: { status: 503, hint: 'Try again in some seconds.' },
} as const satisfies Record<string, { status: ContentfulStatusCode; hint: string }>

export type FailureCode = keyof typeof FAILURES

export interface Failure {
  readonly code: FailureCode
  /** What was expected and what came. */
  readonly message: string
  readonly hint?: string
}

export function badRequest(message: string): Failure {
  return { code: 'bad-request', message }
}

export function refuse(c: Context, failure: Failure): Response {
  const { status, hint } = FAILURES[failure.code]
  const document: ErrorDocument = {
    schema: 'plimsoll.error/1',
    code: failure.code,
    message: failure.message,
    hint: failure.hint ?? hint,
  }
  return c.json(document, status)
}
