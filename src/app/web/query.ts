/** @module What a route's address and body may ask for, checked before anything is read. */
import type { Result } from '../../base/result.ts'
import { fail, ok } from '../../base/result.ts'
import { LAST_DATE_MS } from '../../base/units.ts'
import type { DeployRequest, MarkRequest } from '../../core/wire/api.ts'
import type { EventKind, SubjectId } from '../../core/wire/records.ts'
import { EVENT_KINDS } from '../../core/wire/records.ts'
import type { FieldShape } from '../../core/wire/shape.ts'
import { findMismatch, orNull } from '../../core/wire/shape.ts'
import type { Failure } from './failure.ts'
import { badRequest } from './failure.ts'
import type { EventQuery } from './history.ts'

const DEFAULT_SPAN_MS = 3_600_000
const DEFAULT_POINTS = 600
const MAX_POINTS = 4_000
const DEFAULT_EVENTS = 200
const MAX_EVENTS = 1_000
const MAX_COMMENT_CHARS = 500
const MAX_ID_CHARS = 4_096

/** A parameter of the address; `undefined`: not given. */
export type Ask = (name: string) => string | undefined

interface Bounds {
  readonly min: number
  readonly max: number
  readonly otherwise: number
}

function parseWhole(ask: Ask, name: string, bounds: Bounds): Result<number, Failure> {
  const { min, max, otherwise } = bounds
  const text = ask(name)
  if (text === undefined) return ok(otherwise)
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN
  if (value >= min && value <= max) return ok(value)
  const got = JSON.stringify(text.slice(0, 40))
  return fail(badRequest(`${name}: expected a whole number from ${min} to ${max}, got ${got}`))
}

function wallMs(otherwise: number): Bounds {
  return { min: 0, max: LAST_DATE_MS, otherwise }
}

/** A part of time, wall clock, and in how many points at most. */
export interface SpanQuery {
  readonly fromMs: number
  readonly toMs: number
  readonly points: number
}

/** `fromMs`, `toMs`, `points`; without them the last hour in 600 points. */
export function parseSpan(ask: Ask, nowMs: number): Result<SpanQuery, Failure> {
  const toMs = parseWhole(ask, 'toMs', wallMs(nowMs))
  if (!toMs.ok) return toMs
  const fromMs = parseWhole(ask, 'fromMs', wallMs(Math.max(0, toMs.value - DEFAULT_SPAN_MS)))
  if (!fromMs.ok) return fromMs
  const points = parseWhole(ask, 'points', { min: 2, max: MAX_POINTS, otherwise: DEFAULT_POINTS })
  if (!points.ok) return points
  if (fromMs.value >= toMs.value) {
    return fail(badRequest(`fromMs: expected less than toMs ${toMs.value}, got ${fromMs.value}`))
  }
  return ok({ fromMs: fromMs.value, toMs: toMs.value, points: points.value })
}

/** `sinceMs`, `kind`, `subject`, `limit`; without them the newest 200. */
export function parseEventQuery(ask: Ask): Result<EventQuery, Failure> {
  const sinceMs = parseWhole(ask, 'sinceMs', wallMs(0))
  if (!sinceMs.ok) return sinceMs
  const limit = parseWhole(ask, 'limit', { min: 1, max: MAX_EVENTS, otherwise: DEFAULT_EVENTS })
  if (!limit.ok) return limit
  const kind = ask('kind')
  if (kind !== undefined && !(EVENT_KINDS as readonly string[]).includes(kind)) {
    const got = JSON.stringify(kind.slice(0, 40))
    return fail(badRequest(`kind: expected one of ${EVENT_KINDS.join(', ')}, got ${got}`))
  }
  const subject = ask('subject')
  if (subject !== undefined) {
    const id = parseSubjectId(subject)
    if (!id.ok) return id
  }
  return ok({
    sinceMs: sinceMs.value,
    limit: limit.value,
    ...(kind === undefined ? {} : { kind: kind as EventKind }),
    ...(subject === undefined ? {} : { subjectId: subject }),
  })
}

export function parseSubjectId(text: string): Result<SubjectId, Failure> {
  if (text !== '' && text.length <= MAX_ID_CHARS) return ok(text)
  const got = `${text.length} characters`
  return fail(badRequest(`subject: expected an id of 1 to ${MAX_ID_CHARS} characters, got ${got}`))
}

function parseBody<Body>(text: string, shape: FieldShape): Result<Body, Failure> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return fail(badRequest('body: expected JSON'))
  }
  const mismatch = findMismatch(value, shape, 'body')
  return mismatch === null ? ok(value as Body) : fail(badRequest(mismatch))
}

function findLongComment(comment: string): Failure | undefined {
  if (comment.length <= MAX_COMMENT_CHARS) return undefined
  const got = `${comment.length}`
  return badRequest(`comment: expected at most ${MAX_COMMENT_CHARS} characters, got ${got}`)
}

const MARK_SHAPE: FieldShape = {
  fields: {
    mark: { oneOf: ['expected', 'muted'] },
    comment: 'string',
    untilWallMs: orNull('count'),
  },
}

export function parseMarkRequest(text: string, nowMs: number): Result<MarkRequest, Failure> {
  const body = parseBody<MarkRequest>(text, MARK_SHAPE)
  if (!body.ok) return body
  const { comment, untilWallMs } = body.value
  const long = findLongComment(comment)
  if (long !== undefined) return fail(long)
  if (untilWallMs !== null && !(untilWallMs > nowMs && untilWallMs <= LAST_DATE_MS)) {
    const expected = `a time after ${nowMs}, at most ${LAST_DATE_MS}`
    return fail(badRequest(`untilWallMs: expected ${expected}, got ${untilWallMs}`))
  }
  return body
}

const DEPLOY_SHAPE: FieldShape = { fields: { subjectId: orNull('string'), comment: 'string' } }

export function parseDeployRequest(text: string): Result<DeployRequest, Failure> {
  const body = parseBody<DeployRequest>(text, DEPLOY_SHAPE)
  if (!body.ok) return body
  const long = findLongComment(body.value.comment)
  return long === undefined ? body : fail(long)
}
