import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { COMMANDS } from '../src/app/cli/commands.ts'
import { buildPrograms } from './build.ts'

test("a command's bundle has its own code and no other command's", async () => {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-build-'))
  try {
    await buildPrograms(directory)
    const namesIn = (file: string): readonly string[] => {
      const text = readFileSync(join(directory, file), 'utf8')
      // esbuild names each source above its code.
      return Object.keys(COMMANDS).filter((name) => text.includes(`\n// src/app/cli/${name}.ts\n`))
    }
    for (const name of Object.keys(COMMANDS)) assert.deepEqual(namesIn(`cli-${name}.cjs`), [name])
    assert.deepEqual(namesIn('cli-all.cjs'), Object.keys(COMMANDS))
  } finally {
    rmSync(directory, { recursive: true })
  }
})
