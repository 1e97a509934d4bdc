/** @module The kinds of values in the configuration: what is allowed, in words and as a schema. */
import { isIP } from 'node:net'
import * as v from 'valibot'
import { parseDurationMs, parseSizeBytes } from '../../base/parse-units.ts'
import type { Rule } from '../../core/guard/rules.ts'
import { parseRule, RULE_KEYS } from '../../core/guard/rules.ts'
import { findUrlFault } from '../notify/webhook.ts'

export interface Kind<Output> {
  /** Ends the sentence 'expected ...'. */
  readonly allowed: string
  readonly schema: v.GenericSchema<unknown, Output>
}

const MAX_SHOWN_CHARS = 60

/** A wrong value as its author wrote it, shortened. */
function show(given: unknown): string {
  if (given instanceof Date) return 'a date'
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return 'a table'
  const text = typeof given === 'number' ? String(given) : (JSON.stringify(given) ?? 'nothing')
  return text.length <= MAX_SHOWN_CHARS ? text : `${text.slice(0, MAX_SHOWN_CHARS)}...`
}

export function sayMismatch(allowed: string, given: unknown): string {
  return `expected ${allowed}, got ${show(given)}`
}

/** @param read the value that is meant; `undefined` for what is not allowed */
function kind<Output>(allowed: string, read: (given: unknown) => Output | undefined): Kind<Output> {
  const schema = v.pipe(
    v.unknown(),
    v.rawTransform<unknown, Output>(({ dataset, addIssue, NEVER }) => {
      const value = read(dataset.value)
      if (value !== undefined) return value
      addIssue({ message: sayMismatch(allowed, dataset.value) })
      return NEVER
    }),
  )
  return { allowed, schema }
}

function quantity(
  what: string,
  parse: (text: string) => number | undefined,
  [min, max]: readonly [min: string, max: string],
  example: string,
): Kind<number> {
  const least = parse(min) ?? Number.NaN
  const most = parse(max) ?? Number.NaN
  return kind(`${what} from ${min} to ${max}, such as "${example}"`, (given) => {
    const value = typeof given === 'string' ? parse(given) : undefined
    return value !== undefined && value >= least && value <= most ? value : undefined
  })
}

/** In milliseconds. */
export function duration(min: string, max: string, example: string): Kind<number> {
  return quantity('a duration', parseDurationMs, [min, max], example)
}

/** In bytes. */
export function size(min: string, max: string, example: string): Kind<number> {
  return quantity('a size', parseSizeBytes, [min, max], example)
}

export function wholeNumber(min: number, max: number): Kind<number> {
  return kind(`a whole number from ${min} to ${max}`, (given) => {
    if (typeof given !== 'number' || !Number.isInteger(given)) return undefined
    return given >= min && given <= max ? given : undefined
  })
}

export const TRUE_OR_FALSE = kind('true or false', (given) =>
  typeof given === 'boolean' ? given : undefined,
)

/** @param later values that are known by name and cannot be had yet */
export function choice<Value extends string>(
  values: readonly Value[],
  later: readonly string[] = [],
): Kind<Value> {
  const notYet =
    later.length === 0 ? '' : ` (${later.map((each) => `"${each}"`).join(' and ')}: not there yet)`
  return kind(`${values.map((each) => `"${each}"`).join(' or ')}${notYet}`, (given) =>
    values.find((each) => each === given),
  )
}

function text(allowed: string, isAllowed: (given: string) => boolean): Kind<string> {
  return kind(allowed, (given) =>
    typeof given === 'string' && !given.includes('\0') && isAllowed(given) ? given : undefined,
  )
}

/** A unix socket's path has at most 107 bytes (unix(7)), of which the longest name takes some. */
const MAX_SOCKET_DIR_BYTES = 90

export const SOCKET_DIRECTORY = text(
  `an absolute path of at most ${MAX_SOCKET_DIR_BYTES} bytes`,
  (given) => given.startsWith('/') && Buffer.byteLength(given) <= MAX_SOCKET_DIR_BYTES,
)

export const ABSOLUTE_PATH = text('an absolute path', (given) => given.startsWith('/'))

export const LISTEN_ADDRESS = text(
  'an IP address or "localhost"',
  (given) => given === 'localhost' || isIP(given) !== 0,
)

export const USER_NAME = text('the name of a user', (given) =>
  /^[a-z_][a-z0-9_.-]*\$?$/i.test(given),
)

export const TOKEN = text('a string of 16 to 512 visible ASCII characters', (given) =>
  /^[!-~]{16,512}$/.test(given),
)

const HOST_NAME = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/i

export const HOST_NAMES = kind(
  'a list of host names without port, such as ["monitor.example"]',
  (given) => {
    if (!Array.isArray(given)) return undefined
    const isFine = given.every((each) => typeof each === 'string' && HOST_NAME.test(each))
    return isFine ? (given as readonly string[]) : undefined
  },
)

const WEBHOOK_URL = text(
  'an https: URL without name and password, or http: to this host itself',
  (given) => findUrlFault(given) === undefined,
)

/** Keys of each webhook. */
export const WEBHOOK_KEYS: readonly string[] = ['url']

const WEBHOOKS_ALLOWED = 'a list such as [{ url = "https://hooks.example/leaks" }]'

export const WEBHOOKS: Kind<readonly { readonly url: string }[]> = {
  allowed: WEBHOOKS_ALLOWED,
  schema: v.array(
    v.objectWithRest({ url: WEBHOOK_URL.schema }, v.never(), ({ input }) =>
      sayMismatch('a table such as { url = "https://hooks.example/leaks" }', input),
    ),
    ({ input }) => sayMismatch(WEBHOOKS_ALLOWED, input),
  ),
}

export const COMMAND = kind(
  'a program by its absolute path, and its arguments, such as ["/usr/local/bin/tell", "leak"]',
  (given) => {
    if (!Array.isArray(given) || given.length === 0) return undefined
    const isFine = given.every((each) => typeof each === 'string' && !each.includes('\0'))
    return isFine && given[0].startsWith('/') ? (given as readonly string[]) : undefined
  },
)

const MAX_RULES = 256

export const RULES = kind(
  `a list of at most ${MAX_RULES} rules by ${RULE_KEYS.join(', ')}, such as ["unit=postgresql.service", "exe=/opt/app/* and uid=1000"]`,
  (given) => {
    if (!Array.isArray(given) || given.length > MAX_RULES) return undefined
    const rules: Rule[] = []
    for (const each of given) {
      const rule = typeof each === 'string' ? parseRule(each) : undefined
      if (!rule?.ok) return undefined
      rules.push(rule.value)
    }
    return rules as readonly Rule[]
  },
)
