import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { plainModule } from './plain-module.ts'
import { findProgram } from './tools.ts'

const CONTENT = Buffer.from('a module '.repeat(100))

function scratch(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-module-'))
  const before = process.env.XDG_CACHE_HOME
  process.env.XDG_CACHE_HOME = join(folder, 'cache')
  t.after(() => {
    if (before === undefined) delete process.env.XDG_CACHE_HOME
    else process.env.XDG_CACHE_HOME = before
    rmSync(folder, { recursive: true })
  })
  return folder
}

async function checkPlain(file: string, compressed: Buffer): Promise<void> {
  writeFileSync(file, compressed)
  const plain = await plainModule(file)
  assert.equal(basename(plain), 'a-b.ko')
  assert.deepEqual(readFileSync(plain), CONTENT)
  assert.equal(await plainModule(file), plain)
}

test('a plain module is itself; .gz and .zst are unpacked', async (t) => {
  const folder = scratch(t)
  assert.equal(await plainModule(join(folder, 'x.ko')), join(folder, 'x.ko'))
  await checkPlain(join(folder, 'a-b.ko.gz'), gzipSync(CONTENT))
  await checkPlain(join(folder, 'a-b.ko.zst'), zstdCompressSync(CONTENT))
})

const NEEDS_XZ = { skip: findProgram('xz') === null && 'xz is missing (xz-utils)' }

test('.xz is unpacked by xz, and what is none is named', NEEDS_XZ, async (t) => {
  const folder = scratch(t)
  const { stdout } = spawnSync('xz', ['-zc', '--check=crc32'], { input: CONTENT })
  await checkPlain(join(folder, 'a-b.ko.xz'), stdout)
  const broken = join(folder, 'broken.ko.xz')
  writeFileSync(broken, 'no xz')
  await assert.rejects(plainModule(broken), { code: 'PLM_LAB_KERNEL', message: /broken\.ko\.xz/ })
})
