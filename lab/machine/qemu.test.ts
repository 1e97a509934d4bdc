import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Guest } from './guest.ts'
import { kernelArguments, qemuArguments } from './qemu.ts'

const GUEST: Guest = {
  kernel: { name: '6.1', release: '6.1.0', vmlinuz: '/boot/vmlinuz', modulesDir: null },
  memoryMib: 512,
  cpus: 2,
  consoles: [{ baud: 19_200 }],
  script: [],
}
const BOOT = { initramfs: '/i', rootImage: null }
const FDS = { talk: 3, console: 4, events: 5, secondConsole: null }

function valuesOf(args: readonly string[], name: string): readonly string[] {
  return args.filter((_, i) => args[i - 1] === name)
}

for (const [what, guest, expected] of [
  ['one slow console', GUEST, 'console=ttyS1,19200n8 quiet panic=-1'],
  [
    'two, in their order',
    { ...GUEST, consoles: [{ baud: 9600 }, { baud: 115_200 }] },
    'console=ttyS1,9600n8 console=ttyS3,115200n8 quiet panic=-1',
  ],
  ['none', { ...GUEST, consoles: [] }, 'console= quiet panic=-1'],
  [
    'cgroup v2 and more',
    { ...GUEST, cgroups: 'v2', kernelArguments: ['psi=1'] },
    'console=ttyS1,19200n8 quiet panic=-1 cgroup_no_v1=all psi=1',
  ],
  [
    'a system',
    { ...GUEST, root: { system: '/tree' } },
    'console=ttyS1,19200n8 quiet panic=-1 systemd.unit=plimsoll-scene.target systemd.show_status=0 systemd.log_target=null',
  ],
] as const satisfies readonly (readonly [string, Guest, string])[]) {
  test(`the kernel's command line: ${what}`, () => {
    assert.equal(kernelArguments(guest).join(' '), expected)
  })
}

test('the ports come in the order of ttyS0 to ttyS3', () => {
  const args = qemuArguments(GUEST, BOOT, FDS, 'tcg')
  assert.deepEqual(valuesOf(args, '-chardev'), [
    'socket,id=port0,fd=3',
    'socket,id=port1,fd=4',
    'socket,id=port2,fd=5',
  ])
  assert.deepEqual(valuesOf(args, '-serial'), [
    'chardev:port0',
    'chardev:port1',
    'chardev:port2',
    'null',
  ])
})

test('memory and processors are split evenly over NUMA nodes', () => {
  const args = qemuArguments({ ...GUEST, numaNodes: 2 }, BOOT, FDS, 'tcg')
  assert.deepEqual(valuesOf(args, '-numa'), [
    'node,nodeid=0,memdev=node0,cpus=0-0',
    'node,nodeid=1,memdev=node1,cpus=1-1',
  ])
  assert.deepEqual(valuesOf(args, '-object'), [
    'memory-backend-ram,id=node0,size=256M',
    'memory-backend-ram,id=node1,size=256M',
  ])
})

test("a root's disk comes after the other, and what is written to it is thrown away", () => {
  const guest: Guest = { ...GUEST, root: 'ext4', disk: { image: '/disk' } }
  const args = qemuArguments(guest, { initramfs: '/i', rootImage: '/a,b' }, FDS, 'tcg')
  assert.deepEqual(valuesOf(args, '-device'), [
    'virtio-blk-pci,drive=disk',
    'virtio-blk-pci,drive=root',
  ])
  const [drive = ''] = valuesOf(args, '-drive')
  assert.match(drive, /(?:^|,)snapshot=on(?:,|$)/)
  assert.match(drive, /,file=\/a,,b$/)
})
