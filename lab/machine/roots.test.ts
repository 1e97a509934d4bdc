import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rootDevice, wantedModules } from './roots.ts'

const KERNEL = { name: '6.1', release: '6.1.0', vmlinuz: '/boot/vmlinuz', modulesDir: null }
const GUEST = { kernel: KERNEL, memoryMib: 256, cpus: 1, consoles: [], script: [] }
const DISK = { image: '/disk' }

test('the disk that is asked for comes before that of the root', () => {
  assert.equal(rootDevice({}), '/dev/vda')
  assert.equal(rootDevice({ disk: DISK }), '/dev/vdb')
})

for (const [what, guest, modules] of [
  ['a root in memory', GUEST, []],
  ['a disk', { ...GUEST, disk: DISK }, ['virtio_pci', 'virtio_blk']],
  ['a root on a disk', { ...GUEST, root: 'ext4' }, ['virtio_pci', 'virtio_blk', 'ext4']],
  [
    'a system, and more',
    { ...GUEST, root: { system: '/tree' }, modules: ['zram'] },
    ['virtio_pci', 'virtio_blk', 'ext4', 'zram'],
  ],
] as const) {
  test(`modules for ${what}`, () => assert.deepEqual(wantedModules(guest), modules))
}
