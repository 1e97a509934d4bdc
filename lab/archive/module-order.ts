/** @module The order in which modules of a kernel have to be loaded: modules.dep(5). */
import { fail, ok, type Result } from '../../src/base/result.ts'

/** Files of modules.dep by name of module, each with the files that it needs loaded. */
export type ModuleTable = ReadonlyMap<
  string,
  { readonly file: string; readonly needs: readonly string[] }
>

/** `virtio_blk` of `kernel/drivers/block/virtio-blk.ko.xz`: the kernel takes - and _ as one. */
export function moduleName(file: string): string {
  return file
    .slice(file.lastIndexOf('/') + 1)
    .replace(/\.ko(?:\.(?:gz|xz|zst))?$/, '')
    .replaceAll('-', '_')
}

/** Lines of `FILE: FILE...`, relative to the folder of the modules. */
export function parseModulesDep(text: string): ModuleTable {
  const table = new Map<string, { file: string; needs: string[] }>()
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const file = line.slice(0, colon)
    const needs = line
      .slice(colon + 1)
      .split(' ')
      .filter((need) => need !== '')
    table.set(moduleName(file), { file, needs })
  }
  return table
}

/** Names of the modules that the kernel has within itself, of modules.builtin. */
export function parseModulesBuiltin(text: string): ReadonlySet<string> {
  return new Set(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map(moduleName),
  )
}

/**
 * The files of the wanted modules and of what they need, each once and after all that it needs.
 * What is built in is left out; the first that the kernel does not have at all is the error.
 */
export function orderModules(
  wanted: readonly string[],
  table: ModuleTable,
  builtin: ReadonlySet<string>,
): Result<readonly string[], { readonly missing: string }> {
  const order: string[] = []
  const seen = new Set<string>()
  /** A chain is as deep as modules need each other: a few. `seen` ends a loop of a broken file. */
  const visit = (name: string): string | null => {
    if (seen.has(name) || builtin.has(name)) return null
    seen.add(name)
    const entry = table.get(name)
    if (entry === undefined) return name
    for (const need of entry.needs) {
      const missing = visit(moduleName(need))
      if (missing !== null) return missing
    }
    order.push(entry.file)
    return null
  }
  for (const name of wanted) {
    const missing = visit(moduleName(name))
    if (missing !== null) return fail({ missing })
  }
  return ok(order)
}
