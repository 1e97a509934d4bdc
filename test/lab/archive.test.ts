/** @module Debian's archive as it is: skipped with its reason where it is out of reach. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { findKernel, type Kernel, modulesFor } from '../../lab/archive/kernels.ts'
import { unpackPackages } from '../../lab/archive/packages.ts'
import { messageOf, PlimsollError } from '../../src/base/errors.ts'
import { MIB } from '../../src/base/units.ts'

const execFileAsync = promisify(execFile)
const PACKAGES = join(import.meta.dirname, '../../lab/archive/packages.ts')

/** Null, with the test skipped, where neither archive nor cache has what is asked for. */
async function orSkip<Value>(t: TestContext, promise: Promise<Value>): Promise<Value | null> {
  try {
    return await promise
  } catch (error) {
    const codes = ['PLM_LAB_ARCHIVE', 'PLM_LAB_TOOL']
    const cause = error instanceof PlimsollError ? (error.cause ?? error) : error
    if (!(cause instanceof PlimsollError) || !codes.includes(cause.code)) throw error
    t.skip(messageOf(error))
    return null
  }
}

function names(kernel: Kernel, files: readonly string[]): string[] {
  for (const file of files) assert.ok(statSync(file).size > 0, `${kernel.name}: ${file}`)
  return files.map((file) => file.slice(file.lastIndexOf('/') + 1))
}

test("Debian's 6.1 comes with its modules in the order to load them", async (t) => {
  const kernel = await orSkip(t, findKernel('6.1'))
  if (kernel === null) return
  assert.match(kernel.release, /^6\.1\.0-\d+-cloud-amd64$/)
  assert.ok(statSync(kernel.vmlinuz).size > 4 * MIB)
  // ext4 is built in.
  assert.deepEqual(names(kernel, await modulesFor(kernel, ['virtio_blk', 'ext4', 'zram'])), [
    'virtio_ring.ko',
    'virtio.ko',
    'virtio_blk.ko',
    'zsmalloc.ko',
    'zram.ko',
  ])
  // The image itself says the same release.
  const { name, ...same } = await findKernel(kernel.vmlinuz, {
    modulesDir: kernel.modulesDir ?? '',
  })
  assert.deepEqual({ ...same, name: '6.1' }, kernel)
  assert.equal(name, kernel.vmlinuz)
})

test('two processes that fetch the same find the same whole folder', async (t) => {
  const cache = join(process.env.TMPDIR ?? '/tmp', `plimsoll-archive-${process.pid}`)
  t.after(() => execFileAsync('rm', ['-rf', cache]))
  const source = `
    const { unpackPackages } = await import(${JSON.stringify(PACKAGES)})
    console.log(await unpackPackages('bookworm', ['busybox-static']))`
  const env = { ...process.env, XDG_CACHE_HOME: cache }
  const fetchApart = () =>
    execFileAsync(process.execPath, ['--input-type=module', '--eval', source], { env })
  const runs = await Promise.allSettled([fetchApart(), fetchApart()])
  const failed = runs.find((run) => run.status === 'rejected')
  if (failed !== undefined) {
    const reason = messageOf(failed.reason)
    if (!/PLM_LAB_(?:ARCHIVE|TOOL)/.test(reason)) throw failed.reason
    t.skip(reason)
    return
  }
  const folders = runs.map((run) => (run.status === 'fulfilled' ? run.value.stdout.trim() : ''))
  assert.equal(folders[0], folders[1])
  assert.ok(existsSync(join(folders[0] ?? '', 'usr/bin/busybox')))
  const left = readdirSync(join(cache, 'plimsoll/lab/bookworm'))
  assert.deepEqual(
    left.filter((name) => name.endsWith('.part')),
    [],
  )
})

test('a package that Debian does not have is named', async (t) => {
  const folder = await orSkip(t, unpackPackages('bookworm', ['busybox-static']))
  if (folder === null) return
  await assert.rejects(unpackPackages('bookworm', ['plimsoll-no-such-package']), {
    code: 'PLM_LAB_ARCHIVE',
    message: /plimsoll-no-such-package of Debian bookworm/,
  })
})
