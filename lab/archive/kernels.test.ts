import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { findKernel, modulesFor } from './kernels.ts'

const RELEASE = '6.6.0-plimsoll-test'

/** An image of one's own with a folder of modules: headers and tables, as a kernel has them. */
function ownKernel(t: TestContext): { image: string; modulesDir: string } {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-kernel-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const head = Buffer.alloc(4096)
  head.write('HdrS', 0x202)
  head.writeUInt16LE(0x600, 0x20e)
  head.write(`${RELEASE} (someone) #1\0`, 0x800)
  const image = join(folder, 'vmlinuz')
  writeFileSync(image, head)
  const modulesDir = join(folder, 'modules')
  mkdirSync(modulesDir)
  writeFileSync(join(modulesDir, 'modules.dep'), 'a.ko: b.ko\nb.ko:\n')
  writeFileSync(join(modulesDir, 'modules.builtin'), 'kernel/fs/ext4/ext4.ko\n')
  return { image, modulesDir }
}

test("one's own image with its modules, without the network", async (t) => {
  const { image, modulesDir } = ownKernel(t)
  const kernel = await findKernel(image, { modulesDir })
  assert.deepEqual(kernel, { name: image, release: RELEASE, vmlinuz: image, modulesDir })
  const files = await modulesFor(kernel, ['ext4', 'a'])
  assert.deepEqual(files, [join(modulesDir, 'b.ko'), join(modulesDir, 'a.ko')])
  await assert.rejects(modulesFor(kernel, ['zram']), {
    code: 'PLM_LAB_KERNEL',
    message: `kernel ${RELEASE} has no module zram in ${modulesDir}`,
  })
})

test('an image without modules has all built in', async (t) => {
  const kernel = await findKernel(ownKernel(t).image)
  assert.equal(kernel.modulesDir, null)
  assert.deepEqual(await modulesFor(kernel, ['virtio_blk']), [])
})

test('what is no kernel is refused with what was got', async (t) => {
  const { image } = ownKernel(t)
  const cases: readonly (readonly [string, RegExp])[] = [
    ['4.19', /expected a kernel \(5\.10, 6\.1, 6\.12\) or the path of an image, got "4\.19"/],
    ['toString', /got "toString"/],
    ['./nowhere', /could not read the kernel image \.\/nowhere: ENOENT/],
    [import.meta.filename, /expected a compressed kernel image for x86/],
  ]
  for (const [name, message] of cases) {
    await assert.rejects(findKernel(name), { code: 'PLM_LAB_KERNEL', message })
  }
  await assert.rejects(findKernel(image, { modulesDir: '/nowhere' }), {
    code: 'PLM_LAB_KERNEL',
    message: 'expected modules.dep in /nowhere, found none',
  })
})
