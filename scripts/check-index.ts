/**
 * @module The list of the doctor's checks, made from the files in its directory: `npm run docs` writes it, and a
 * test fails where it is stale. A new check is one new file.
 */
import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const DIRECTORY = 'src/core/console/checks'
export const CHECK_INDEX = `${DIRECTORY}/index.ts`

/** `console-freeze`, by file name; tests and the index itself are none. */
export function checkNames(): readonly string[] {
  return readdirSync(join(import.meta.dirname, '..', DIRECTORY))
    .filter(
      (name) => name.endsWith('.ts') && name !== 'index.ts' && !/\.(test|fixture)\.ts$/.test(name),
    )
    .map((name) => name.slice(0, -'.ts'.length))
    .sort()
}

function toIdentifier(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
}

/** src/core/console/checks/index.ts */
export function renderCheckIndex(): string {
  const names = checkNames()
  const imports = names.map(
    (name) => `import { check as ${toIdentifier(name)} } from './${name}.ts'`,
  )
  const rows = names.map((name) => `  ${toIdentifier(name)},`)
  return `/** @module All checks. Made by scripts/check-index.ts from the files beside it. */
import type { Check } from '../finding.ts'
${imports.join('\n')}

export const CHECKS: readonly Check[] = [
${rows.join('\n')}
]
`
}

if (import.meta.main) writeFileSync(CHECK_INDEX, renderCheckIndex())
