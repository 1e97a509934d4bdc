/**
 * @module Makes src/io/logs/scan-code.ts of report-scan.wat: `node scripts/wasm.ts`, with wat2wasm
 * (apt-get install wabt).
 */
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const LOGS = join(import.meta.dirname, '../src/io/logs')

/** The file's text; `undefined` where wat2wasm is not there. @throws where the source is wrong */
export function renderScanCode(): string | undefined {
  const made = spawnSync('wat2wasm', [join(LOGS, 'report-scan.wat'), '--output=-'])
  if (made.error !== undefined) return undefined
  if (made.status !== 0) throw new Error(made.stderr.toString())
  const lines = made.stdout.toString('base64').match(/.{1,90}/g) ?? []
  return `/** @module Made by scripts/wasm.ts from report-scan.wat. */

export const SCAN_CODE =
${lines.map((line, i) => `  ${i === 0 ? '' : '  '}'${line}'`).join(' +\n')}
`
}

if (import.meta.main) {
  const text = renderScanCode()
  if (text === undefined) throw new Error('wat2wasm is not there (apt-get install wabt)')
  writeFileSync(join(LOGS, 'scan-code.ts'), text)
}
