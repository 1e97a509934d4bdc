import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { findProgram, missingTools, requireTool } from './tools.ts'

test('a program is found where it may be executed, in the order of PATH', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-tools-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'plimsoll-no-such-program')
  const name = 'plimsoll-no-such-program'
  assert.equal(findProgram(name, folder), null)
  writeFileSync(file, '')
  chmodSync(file, 0o644)
  assert.equal(findProgram(name, folder), null)
  chmodSync(file, 0o755)
  assert.equal(findProgram(name, `/nowhere::${folder}`), file)
})

test('what is missing has a reason and the command that installs it', () => {
  const missing = missingTools('/nowhere')
  assert.deepEqual(
    missing.filter(({ tool }) => tool === 'gcc' || tool === 'libc.a'),
    [
      {
        tool: 'gcc',
        why: 'builds the programs of the guest',
        debianPackage: 'gcc',
        install: 'apt-get install gcc',
      },
      {
        tool: 'libc.a',
        why: 'links the programs of the guest statically',
        debianPackage: 'libc6-dev',
        install: 'apt-get install libc6-dev',
      },
    ],
  )
})

test('a tool that is there is required without an error', () => {
  const tar = findProgram('tar')
  if (tar !== null) assert.equal(requireTool('tar'), tar)
})
