import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { MIB } from '../../src/base/units.ts'
import { findProgram } from './tools.ts'
import { unpackDeb } from './unpack-deb.ts'

const NEEDS_DPKG = { skip: findProgram('dpkg-deb') === null && 'dpkg-deb is missing (dpkg)' }

/** A package with one file in /lib, larger than what a pipe holds. */
function makeDeb(t: TestContext): { folder: string; deb: string; content: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-deb-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const source = join(folder, 'source')
  mkdirSync(join(source, 'DEBIAN'), { recursive: true })
  mkdirSync(join(source, 'lib'))
  const content = randomBytes(MIB)
  writeFileSync(join(source, 'lib', 'large'), content)
  chmodSync(join(source, 'lib', 'large'), 0o6755)
  const control = 'Package: large\nVersion: 1\nArchitecture: all\nMaintainer: a\nDescription: a\n'
  writeFileSync(join(source, 'DEBIAN', 'control'), control)
  const deb = join(folder, 'large_1_all.deb')
  const built = spawnSync('dpkg-deb', ['-Znone', '--build', source, deb], { encoding: 'utf8' })
  assert.equal(built.status, 0, built.stderr)
  return { folder, deb, content }
}

test('a link to a folder is kept, and the files go where it leads', NEEDS_DPKG, async (t) => {
  const { folder, deb, content } = makeDeb(t)
  const root = join(folder, 'root')
  mkdirSync(join(root, 'usr', 'lib'), { recursive: true })
  symlinkSync('usr/lib', join(root, 'lib'))
  await unpackDeb(deb, root, undefined)
  assert.ok(lstatSync(join(root, 'lib')).isSymbolicLink())
  assert.deepEqual(readFileSync(join(root, 'usr', 'lib', 'large')), content)
})

test('no program is setuid or setgid, whoever unpacks', NEEDS_DPKG, async (t) => {
  const { folder, deb } = makeDeb(t)
  await unpackDeb(deb, folder, undefined)
  assert.equal(statSync(join(folder, 'lib', 'large')).mode & 0o6100, 0o100)
})

test('where one side fails, both end and the error says why', NEEDS_DPKG, async (t) => {
  const { folder, deb } = makeDeb(t)
  await assert.rejects(unpackDeb(deb, join(folder, 'nowhere'), undefined), {
    code: 'PLM_LAB_ARCHIVE',
    message: /large_1_all\.deb: .*nowhere/,
  })
  const broken = join(folder, 'broken.deb')
  writeFileSync(broken, readFileSync(deb).subarray(0, MIB / 2))
  await assert.rejects(unpackDeb(broken, folder, undefined), { code: 'PLM_LAB_ARCHIVE' })
  const stop = new AbortController()
  const unpacking = unpackDeb(deb, folder, stop.signal)
  stop.abort(new Error('enough'))
  await assert.rejects(unpacking, /enough/)
})
