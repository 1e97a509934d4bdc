/** @module A guest's root in memory and on a disk, from the same description. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { Kernel, KernelVersion } from '../../lab/archive/kernels.ts'
import type { Guest } from '../../lab/machine/guest.ts'
import { makeRoot } from '../../lab/machine/roots.ts'
import { MIB } from '../../src/base/units.ts'
import { play, told } from './play.ts'

const FILE_MIB = 32

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const bytes of createReadStream(file)) hash.update(bytes)
  return hash.digest('hex')
}

/** Writes a file, asks for what is not dirty to be dropped, and tells what of the cache is left. */
function guest(kernel: Kernel, root: 'initramfs' | 'ext4'): Guest {
  const cachedKib = `$(grep -w ^Cached: /proc/meminfo | tr -dc 0-9)`
  return {
    kernel,
    root,
    memoryMib: 256,
    cpus: 1,
    consoles: [],
    files: [
      { path: 'etc/said', from: { text: 'said in this run\n' } },
      { path: 'etc/kept', from: { file: import.meta.filename } },
    ],
    script: [
      `tell root "\\"type\\":\\"$(grep ' / ' /proc/mounts | tail -n 1 | cut -d ' ' -f 1,3)\\""`,
      `tell files "\\"said\\":\\"$(cat /etc/said)\\",\\"kept\\":$(wc -c < /etc/kept)"`,
      `dd if=/dev/zero of=/written bs=1M count=${FILE_MIB} 2> /dev/null`,
      'sync',
      `before=${cachedKib}`,
      'echo 1 > /proc/sys/vm/drop_caches',
      `tell dropped "\\"kib\\":$((before - ${cachedKib}))"`,
    ],
  }
}

test('a root in memory keeps what it holds', async (t) => {
  const run = await play(t, '6.1', (kernel) => guest(kernel, 'initramfs'))
  if (run === null) return
  assert.equal(told(run, 'root').type, 'rootfs rootfs')
  assert.ok(Number(told(run, 'dropped').kib) < FILE_MIB * 512)
})

const versions: readonly KernelVersion[] = ['5.10', '6.1', '6.12']
for (const version of versions) {
  test(`${version}: a root on a disk gives its pages back, and its image is as before`, async (t) => {
    let image = ''
    let before = ''
    const run = await play(t, version, async (kernel) => {
      const described = guest(kernel, 'ext4')
      image = (await makeRoot(described)).rootImage ?? ''
      before = await hashOf(image)
      return described
    })
    if (run === null) return
    assert.equal(told(run, 'root').type, '/dev/vda ext4')
    const { said, kept } = told(run, 'files')
    assert.equal(said, 'said in this run')
    assert.equal(kept, readFileSync(import.meta.filename).length)
    assert.ok(Number(told(run, 'dropped').kib) * 1024 >= FILE_MIB * MIB * 0.9)
    assert.equal(await hashOf(image), before)
  })
}
