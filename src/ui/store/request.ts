/** @module Requests to the JSON API; what goes wrong is a value with words for people. */
import type { Result } from '../../base/result.ts'
import { fail, ok } from '../../base/result.ts'
import type { ConsoleDocument } from '../../core/console/model/document.ts'
import type {
  ErrorDocument,
  EventsDocument,
  HistoryDocument,
  HostHistoryDocument,
  MarkRequest,
  OomsDocument,
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

function readJson(response: Response): Promise<unknown> {
  return response.json().catch(() => null)
}

/** @param read what an answer that is no failure holds; `null`: it is none that is wanted */
async function requestAs<Body>(
  path: string,
  init: RequestInit,
  read: (response: Response) => Promise<unknown>,
): Promise<Result<Body, RequestFailure>> {
  try {
    const response = await fetch(`/api/v1/${path}`, {
      ...init,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const body: unknown = response.ok ? await read(response) : await readJson(response)
    if (!response.ok || body === null) {
      return fail({ status: response.status, message: messageOf(body, response.status) })
    }
    return ok(body as Body)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return fail({ status: 0, message: `no answer from the agent: ${reason}` })
  }
}

function request<Document>(
  path: string,
  init: RequestInit = {},
): Promise<Result<Document, RequestFailure>> {
  return requestAs<Document>(path, init, readJson)
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

export const fetchOoms = () => request<OomsDocument>('ooms')

/** Text of the kernel's log; empty where nothing of that time is kept. */
export const fetchOomLog = (fromMs: number, toMs: number) =>
  requestAs<string>(
    `ooms/log?fromMs=${Math.floor(fromMs)}&toMs=${Math.ceil(toMs) + 1}`,
    {},
    (response) => response.text(),
  )

export const fetchConsole = () => request<ConsoleDocument>('console')

function post(path: string, body: object) {
  return request<SubjectDocument>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

export const sendMark = (id: SubjectId, mark: MarkRequest) => post(`${subject(id)}/mark`, mark)

export const sendUnmark = (id: SubjectId) => post(`${subject(id)}/unmark`, {})
