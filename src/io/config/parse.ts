/** @module A configuration from its text: all faults at once, each with its place, or none. */
import { parse, TomlError } from 'smol-toml'
import * as v from 'valibot'
import type { Result } from '../../base/result.ts'
import { fail, ok } from '../../base/result.ts'
import { sayMismatch, WEBHOOK_KEYS } from './kinds.ts'
import type { KeyLines } from './locate.ts'
import { locateKeys } from './locate.ts'
import { findNearest } from './nearest.ts'
import type { Config, Key } from './table.ts'
import { TABLE } from './table.ts'

type AnyKey = Key<unknown, unknown>
type Sections = Readonly<Record<string, Readonly<Record<string, AnyKey>>>>

const SECTIONS: Sections = TABLE

/** A value of the command line in place of the file's. */
export interface Override {
  readonly section: string
  readonly key: string
  readonly value: unknown
  /** As a person typed it: `--port`. */
  readonly flag: string
}

/** The text of a file. */
export interface ConfigText {
  readonly text: string
  readonly file: string
}

function keySchema({ kind, initial }: AnyKey): v.GenericSchema {
  if (initial === null) return v.optional(v.nullable(kind.schema), null)
  return v.optional(kind.schema, initial)
}

function sectionSchema(name: string, keys: Readonly<Record<string, AnyKey>>): v.GenericSchema {
  const entries = Object.entries(keys).map(([key, each]) => [key, keySchema(each)] as const)
  const schema = v.objectWithRest(Object.fromEntries(entries), v.never(), ({ input }) =>
    sayMismatch(`a table [${name}]`, input),
  )
  return v.optional(schema, {})
}

const SCHEMA = v.objectWithRest(
  Object.fromEntries(
    Object.entries(SECTIONS).map(([name, keys]) => [name, sectionSchema(name, keys)]),
  ),
  v.never(),
)

/** What may stand where `path` has something unknown. */
function knownAt(path: readonly string[]): readonly string[] {
  const [section = ''] = path
  if (path.length === 1) return Object.keys(SECTIONS)
  return path.length === 2 ? Object.keys(SECTIONS[section] ?? {}) : WEBHOOK_KEYS
}

/** `[web]` of nothing, `[web] port` of a key, `[notify] webhook 2 url` of one in a list. */
function sayPlace(path: readonly string[]): string {
  const [section = '', ...rest] = path
  const words = rest.map((part) => (/^\d+$/.test(part) ? `${Number(part) + 1}` : part))
  return [`[${section}]`, ...words].join(' ')
}

function sayUnknown(path: readonly string[]): string {
  const name = path.at(-1) ?? ''
  const isSection = path.length === 1
  const known = knownAt(path)
  const nearest = findNearest(name, known)
  const meant = nearest === undefined ? '.' : `; did you mean ${nearest}?`
  const what = isSection ? 'section' : 'key'
  return `${sayPlace(path)}: there is no such ${what}${meant} There is ${known.join(', ')}`
}

function sayIssue(path: readonly string[], issue: v.BaseIssue<unknown>): string {
  if (issue.type === 'never') return sayUnknown(path)
  const isMissing = issue.type === 'object_with_rest' && issue.input === undefined
  return `${sayPlace(path)}: ${isMissing ? 'is missing' : issue.message}`
}

interface Place {
  readonly where: string
  /** 0: not in the file. */
  readonly line: number
}

/** Where a path was written: file and line, or the flag. */
function findWhere(
  path: readonly string[],
  file: string,
  lines: KeyLines,
  overrides: readonly Override[],
): Place {
  const [section, key] = path
  const flag = overrides.find((each) => each.section === section && each.key === key)
  if (flag !== undefined) return { where: flag.flag, line: 0 }
  for (let length = path.length; length > 0; length--) {
    const line = lines.get(path.slice(0, length).join('.'))
    if (line !== undefined) return { where: `${file}:${line}`, line }
  }
  return { where: file, line: 0 }
}

function parseToml(given: ConfigText | null): Result<Record<string, unknown>, string> {
  if (given === null) return ok({})
  try {
    return ok(parse(given.text))
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const [why = ''] = error.message.replace(/^Invalid TOML document: /, '').split('\n')
    return fail(`${given.file}:${error.line}: this is no TOML: ${why}`)
  }
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withOverrides(
  values: Record<string, unknown>,
  overrides: readonly Override[],
): Record<string, unknown> {
  const merged = { ...values }
  for (const { section, key, value } of overrides) {
    const given = merged[section] ?? {}
    // What is no table stays, and is named as a fault.
    if (isTable(given)) merged[section] = { ...given, [key]: value }
  }
  return merged
}

/**
 * Checks everything, then fills in defaults.
 * @param given `null`: there is no file
 * @returns the configuration, or every fault as one line
 */
export function parseConfig(
  given: ConfigText | null,
  overrides: readonly Override[] = [],
): Result<Config, readonly string[]> {
  const parsed = parseToml(given)
  if (!parsed.ok) return fail([parsed.error])
  const file = given?.file ?? 'defaults'
  const lines = locateKeys(given?.text ?? '')
  const placeOf = (path: readonly string[]) => findWhere(path, file, lines, overrides)

  const checked = v.safeParse(SCHEMA, withOverrides(parsed.value, overrides))
  if (!checked.success) {
    const faults = checked.issues.map((issue) => {
      const path = (issue.path ?? []).map((part) => String(part.key))
      const { where, line } = placeOf(path)
      return { line, text: `${where}: ${sayIssue(path, issue)}` }
    })
    return fail(faults.sort((a, b) => a.line - b.line).map(({ text }) => text))
  }
  // The schema is made from the table that the type is made from.
  const config = checked.output as unknown as Config
  const { tls_cert, tls_key } = config.web
  if ((tls_cert === null) !== (tls_key === null)) {
    const one = tls_cert === null ? 'tls_key' : 'tls_cert'
    const { where } = placeOf(['web', one])
    return fail([`${where}: [web] ${one}: expected tls_cert and tls_key together, got one`])
  }
  return ok(config)
}
