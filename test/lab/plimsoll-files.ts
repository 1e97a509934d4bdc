/** @module Plimsoll as files of a guest, built from the sources as they are now. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { GuestFile } from '../../lab/machine/guest.ts'
import { buildPrograms } from '../../scripts/build.ts'

const COMMAND = join(import.meta.dirname, '../../bin/plimsoll')
/** Where a guest has it. */
export const PLIMSOLL = '/opt/plimsoll/bin/plimsoll'

/** Given as text: it changes with every edit, and a root's image stays the same. */
function textFile(path: string, file: string, isExecutable = false): GuestFile {
  return { path, from: { text: readFileSync(file, 'utf8') }, isExecutable }
}

/** The command line and the programs that it starts, without the dashboard's pages; needs `nodeFiles`. */
export async function plimsollFiles(): Promise<readonly GuestFile[]> {
  const built = mkdtempSync(join(tmpdir(), 'plimsoll-built-'))
  try {
    await buildPrograms(built)
    return [
      textFile(PLIMSOLL.slice(1), COMMAND, true),
      ...readdirSync(built).map((name) => textFile(`opt/plimsoll/dist/${name}`, join(built, name))),
    ]
  } finally {
    rmSync(built, { recursive: true })
  }
}

/** A TypeScript program of this repository as one file that a guest's Node runs: `node /PATH`. */
export async function bundleProgram(entry: string, path: string): Promise<GuestFile> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    logLevel: 'warning',
  })
  return { path, from: { text: outputFiles[0]?.text ?? '' } }
}
