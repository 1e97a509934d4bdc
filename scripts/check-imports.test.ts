import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkImports, checkTree } from './check-imports.ts'

const REFUSED: readonly (readonly [file: string, text: string])[] = [
  ['src/base/format.ts', "import { readFileSync } from 'node:fs'"],
  ['src/core/leak/detector.ts', "import { parse } from '../procfs/status.ts'"],
  ['src/core/leak/detector.ts', "import fs from 'node:fs'"],
  ['src/linux/procs.ts', "import { store } from '../io/history.ts'"],
  ['src/app/guard/main.ts', "import http from 'node:http'"],
  ['src/app/guard/main.ts', "import { a } from '../web/server.ts'"],
  ['src/app/web/main.ts', "const x = await import('../cli/main.ts')"],
  ['src/ui/main.tsx', "import { readProc } from '../linux/procs.ts'"],
  ['src/elsewhere/new.ts', "import '../base/result.ts'"],
]

const ALLOWED: readonly (readonly [file: string, text: string])[] = [
  ['src/core/leak/detector.ts', "import type { Verdict } from './records.ts'"],
  ['src/core/leak/detector.ts', "import type { HostRow } from '../procfs/records.ts'"],
  ['src/linux/procs.ts', "import { openSync } from 'node:fs'"],
  ['src/app/cli/lab.ts', "import { run } from '../../../lab/run.ts'"],
  ['src/core/leak/detector.test.ts', "import { test } from 'node:test'"],
  ['src/io/logs.ts', "import { open } from 'node:fs/promises'"],
  ['lab/disk/history.fixture.ts', "import fc from 'fast-check'"],
]

test('what the import rule refuses', () => {
  for (const [file, text] of REFUSED)
    assert.equal(checkImports(file, text).length, 1, `${file}: ${text}`)
})

test('what the import rule allows', () => {
  for (const [file, text] of ALLOWED)
    assert.deepEqual(checkImports(file, text), [], `${file}: ${text}`)
})

test('the tree keeps the import rule', () => {
  assert.deepEqual(checkTree('.'), [])
})
