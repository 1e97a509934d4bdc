/** @module The heap limit that a runtime was started with, from its arguments. */
import { GIB, KIB, MIB } from '../../base/units.ts'

const NODE = /^(?:node|nodejs)(?:-?\d+)?$/
const JAVA = /^java$/
/** V8 takes a dash and an underscore for the same; MiB. */
const OLD_SPACE = /^--max[-_]old[-_]space[-_]size=(\d{1,9})$/
const MAX_HEAP = /^(?:-Xmx|-XX:MaxHeapSize=)(\d{1,15})([kKmMgGtT]?)$/

const UNIT_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  k: KIB,
  m: MIB,
  g: GIB,
  t: 1024 * GIB,
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

function parseNode(arg: string): number {
  return Number(OLD_SPACE.exec(arg)?.[1] ?? Number.NaN) * MIB
}

function parseJava(arg: string): number {
  const [, count, unit = ''] = MAX_HEAP.exec(arg) ?? []
  return Number(count ?? Number.NaN) * (UNIT_BYTES[unit.toLowerCase()] ?? Number.NaN)
}

/**
 * Bytes that a Node or Java program's heap may take by its own arguments; the last one that says so
 * counts, as the runtimes have it.
 * @returns NaN where none does, or the program is another.
 */
export function parseHeapOption(args: readonly string[]): number {
  const program = baseName(args[0] ?? '')
  const parse = NODE.test(program) ? parseNode : JAVA.test(program) ? parseJava : undefined
  if (parse === undefined) return Number.NaN
  let limit = Number.NaN
  for (let index = 1; index < args.length; index++) {
    const stated = parse(args[index] ?? '')
    if (stated > 0) limit = stated
  }
  return limit
}
