/**
 * @module Whether JSON from the other end has the fields that its type promises. Lean on purpose: it
 * runs in the guard, and over every row of every tick in the web process.
 */

/** What a field may hold; `null` where the type says so. Fields not named are let through. */
export type FieldShape =
  | 'string'
  | 'number'
  | 'count'
  | 'boolean'
  | 'object'
  | 'strings'
  | { readonly oneOf: readonly unknown[] }
  | { readonly orNull: FieldShape }
  | { readonly fields: Readonly<Record<string, FieldShape>> }
  | { readonly each: FieldShape }
  | { readonly valuesOf: FieldShape }

export function orNull(shape: FieldShape): FieldShape {
  return { orNull: shape }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function describe(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40))
  return typeof value === 'object' ? 'an object' : String(value)
}

function checkPlain(value: unknown, shape: string): boolean {
  switch (shape) {
    case 'count':
      return Number.isSafeInteger(value) && (value as number) >= 0
    case 'object':
      return isObject(value)
    case 'strings':
      return Array.isArray(value) && value.every((item) => typeof item === 'string')
    default:
      return typeof value === shape
  }
}

function checkMembers(
  value: Record<string, unknown> | readonly unknown[],
  shapeOf: (key: string) => FieldShape,
  keys: readonly string[],
  path: string,
): string | null {
  for (const key of keys) {
    const member = (value as Record<string, unknown>)[key]
    const fault = findMismatch(member, shapeOf(key), `${path}.${key}`)
    if (fault !== null) return fault
  }
  return null
}

/** @returns `null` when `value` has `shape`, else where it does not, expected and got. */
export function findMismatch(value: unknown, shape: FieldShape, path: string): string | null {
  if (typeof shape === 'string') {
    return checkPlain(value, shape) ? null : `${path}: expected ${shape}, got ${describe(value)}`
  }
  if ('orNull' in shape) return value === null ? null : findMismatch(value, shape.orNull, path)
  if ('oneOf' in shape) {
    if (shape.oneOf.includes(value)) return null
    return `${path}: expected ${shape.oneOf.join(', ')}, got ${describe(value)}`
  }
  if ('each' in shape) {
    if (!Array.isArray(value)) return `${path}: expected list, got ${describe(value)}`
    for (let i = 0; i < value.length; i++) {
      const fault = findMismatch(value[i], shape.each, `${path}.${i}`)
      if (fault !== null) return fault
    }
    return null
  }
  if (!isObject(value)) return `${path}: expected object, got ${describe(value)}`
  if ('valuesOf' in shape)
    return checkMembers(value, () => shape.valuesOf, Object.keys(value), path)
  const { fields } = shape
  return checkMembers(value, (key) => fields[key] as FieldShape, Object.keys(fields), path)
}
