/** @module Requests to the JSON API; what goes wrong is a value with words for people. */
import type { Result } from '../../base/result.ts'
import { fail, ok } from '../../base/result.ts'
import type {
  ErrorDocument,
  EventsDocument,
  HistoryDocument,
  HostHistoryDocument,
  MarkRequest,
  PublicSnapshotDocument,
  SessionDocument,
  SnapshotDocument,
  SubjectDocument,
} from '../../core/wire/api.ts'
import type { SubjectId } from '../../core/wire/records.ts'

const TIMEOUT_MS = 15_000

export interface RequestFailure {
  /** 0: no answer at all. */
  readonly status: number
  readonly message: string
}

function messageOf(body: unknown, status: number): string {
  const error = body as Partial<ErrorDocument> | null
  if (typeof error?.message !== 'string') return `the server answered ${status}`
  return error.hint ? `${error.message}. ${error.hint}` : error.message
}

async function request<Document>(
  path: string,
  init: RequestInit = {},
): Promise<Result<Document, RequestFailure>> {
  try {
    const response = await fetch(`/api/v1/${path}`, {
      ...init,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const body: unknown = await response.json().catch(() => null)
    if (!response.ok || body === null) {
      return fail({ status: response.status, message: messageOf(body, response.status) })
    }
    return ok(body as Document)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail({ status: 0, message: `no answer from the agent: ${reason}` })
  }
}

/** What part of time is asked for, and in how many points at most. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
  readonly points: number
}

function spanQuery({ fromMs, toMs, points }: Span): string {
  return `fromMs=${Math.round(fromMs)}&toMs=${Math.round(toMs)}&points=${points}`
}

function subject(id: SubjectId): string {
  return `subjects/${encodeURIComponent(id)}`
}

export const fetchSession = () => request<SessionDocument>('session')

export const fetchSnapshot = () => request<SnapshotDocument | PublicSnapshotDocument>('snapshot')

export const fetchSubject = (id: SubjectId) => request<SubjectDocument>(subject(id))

export const fetchHistory = (id: SubjectId, span: Span) =>
  request<HistoryDocument>(`${subject(id)}/history?${spanQuery(span)}`)

export const fetchHostHistory = (span: Span) =>
  request<HostHistoryDocument>(`host/history?${spanQuery(span)}`)

export const fetchEvents = (search: URLSearchParams) => request<EventsDocument>(`events?${search}`)

function post(path: string, body: object) {
  return request<SubjectDocument>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

export const sendMark = (id: SubjectId, mark: MarkRequest) => post(`${subject(id)}/mark`, mark)

export const sendUnmark = (id: SubjectId) => post(`${subject(id)}/unmark`, {})
