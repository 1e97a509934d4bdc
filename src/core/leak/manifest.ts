/** @module Reads a manifest: JSON lines that name traces and what is known of each. */
import { fail, ok, type Result } from '../../base/result.ts'
import type { TraceSpec } from './records.ts'

/** What is wrong with a line: `column` counts characters from 1. */
export interface ManifestIssue {
  readonly column: number
  readonly what: string
}

type Line = Readonly<Record<string, unknown>>

function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value)
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

function issueAt(text: string, key: string, expected: string, value: unknown): ManifestIssue {
  const at = text.indexOf(`"${key}"`)
  return { column: at + 1 || 1, what: `${key}: expected ${expected}, got ${show(value)}` }
}

function parseJson(text: string): Result<unknown, ManifestIssue> {
  try {
    return ok(JSON.parse(text))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    const position = /position (\d+)/.exec(message)?.[1]
    // Without a position the text ended too soon.
    const column = position === undefined ? text.length + 1 : Number(position) + 1
    return fail({ column, what: 'expected one JSON object' })
  }
}

/** A path below the traces' directory: no absolute one, none that climbs out. */
function isPathBelow(value: unknown): value is string {
  if (typeof value !== 'string' || value === '' || value.includes('\0')) return false
  return !value.startsWith('/') && !value.split('/').includes('..')
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && Number.isFinite(value)
}

function isListOfTimes(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((t) => typeof t === 'number' && Number.isFinite(t))
}

/** One line of a manifest; keys besides those of `TraceSpec` are ignored. */
export function parseManifestLine(text: string): Result<TraceSpec, ManifestIssue> {
  const parsed = parseJson(text)
  if (!parsed.ok) return parsed
  const { value } = parsed
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fail({ column: 1, what: `expected one JSON object, got ${show(value)}` })
  }
  const line = value as Line
  const { file, headroom_bytes: headroom, sample_s: sample, starts_s: starts = null } = line
  if (!isPathBelow(file)) return fail(issueAt(text, 'file', 'a path below the directory', file))
  if (!isPositive(headroom)) {
    return fail(issueAt(text, 'headroom_bytes', 'bytes above 0', headroom))
  }
  if (!isPositive(sample)) return fail(issueAt(text, 'sample_s', 'seconds above 0', sample))
  if (starts !== null && !isListOfTimes(starts)) {
    return fail(issueAt(text, 'starts_s', 'null or a list of seconds', starts))
  }
  return ok({ file, headroomBytes: headroom, sampleSec: sample, startsSec: starts })
}
