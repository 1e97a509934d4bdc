/** @module Debian's archive as it is: skipped with its reason where it is out of reach. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { promisify } from 'node:util'
import { findKernel, type Kernel, modulesFor } from '../../lab/archive/kernels.ts'
import { unpackPackages } from '../../lab/archive/packages.ts'
import { missingTools } from '../../lab/archive/tools.ts'
import { messageOf, PlimsollError } from '../../src/base/errors.ts'
import { MIB } from '../../src/base/units.ts'

const execFileAsync = promisify(execFile)
const KERNELS = join(import.meta.dirname, '../../lab/archive/kernels.ts')
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

/** What another process prints of a package or a kernel, with a cache and a network of its own. */
async function inProcess(
  code: 'unpackPackages("bookworm", ["busybox-static"])' | 'findKernel("6.1")',
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const source = `
    const { unpackPackages } = await import(${JSON.stringify(PACKAGES)})
    const { findKernel } = await import(${JSON.stringify(KERNELS)})
    console.log(await ${code}.catch(({ code, message, hint }) => [code, message, hint].join('\\n')))`
  const args = ['--input-type=module', '--eval', source]
  const { stdout } = await execFileAsync(process.execPath, args, {
    env: { ...process.env, ...env },
  })
  return stdout.trim()
}

/** Port 9 of loopback (discard) answers no one. */
const UNREACHABLE = Object.fromEntries(
  ['http_proxy', 'https_proxy', 'no_proxy'].map((name) => {
    return [name, name === 'no_proxy' ? '' : 'http://127.0.0.1:9']
  }),
)

function emptyCache(t: TestContext): string {
  const cache = mkdtempSync(join(tmpdir(), 'plimsoll-archive-'))
  t.after(() => rmSync(cache, { recursive: true }))
  return cache
}

/** apt.conf comes before the environment, so that a proxy there would undo UNREACHABLE. */
async function hasProxyOfApt(): Promise<boolean> {
  const { stdout } = await execFileAsync('apt-config', ['dump', 'Acquire'])
  return /^Acquire::https?::Proxy\b.* "[^"]/m.test(stdout)
}

test('two processes that fetch the same find one whole folder, from then on without network', async (t) => {
  const XDG_CACHE_HOME = emptyCache(t)
  const code = 'unpackPackages("bookworm", ["busybox-static"])'
  const fetchApart = () => inProcess(code, { XDG_CACHE_HOME })
  const [folder = '', same] = await Promise.all([fetchApart(), fetchApart()])
  if (folder.startsWith('PLM_LAB_')) {
    t.skip(folder)
    return
  }
  assert.equal(folder, same)
  assert.ok(existsSync(join(folder, 'usr/bin/busybox')))
  const suite = join(XDG_CACHE_HOME, 'plimsoll/lab/bookworm')
  assert.deepEqual(
    readdirSync(suite).filter((name) => name.endsWith('.part')),
    [],
  )
  // Lists of 1970 are asked for anew, in vain, and used.
  utimesSync(join(suite, 'apt/updated'), 0, 0)
  assert.equal(await inProcess(code, { XDG_CACHE_HOME, ...UNREACHABLE }), folder)
})

test('without archive and cache the error names kernel, URL and the way out', async (t) => {
  const tool = missingTools().find(({ install }) => /apt|dpkg|util-linux/.test(install))
  if (tool !== undefined) return t.skip(`${tool.tool} is missing (${tool.install})`)
  if (await hasProxyOfApt()) return t.skip('apt.conf names a proxy')
  const said = await inProcess('findKernel("6.1")', {
    XDG_CACHE_HOME: emptyCache(t),
    ...UNREACHABLE,
  })
  const [code, message = '', hint] = said.split('\n')
  assert.equal(code, 'PLM_LAB_KERNEL')
  assert.match(message, /^no kernel 6\.1: could not fetch the lists of Debian bookworm \(http/)
  assert.match(hint ?? '', /^Name an image of your own in place of 6\.1/)
})

test('a package that Debian does not have is named', async (t) => {
  const folder = await orSkip(t, unpackPackages('bookworm', ['busybox-static']))
  if (folder === null) return
  await assert.rejects(unpackPackages('bookworm', ['plimsoll-no-such-package']), {
    code: 'PLM_LAB_ARCHIVE',
    message: /plimsoll-no-such-package of Debian bookworm/,
  })
})
