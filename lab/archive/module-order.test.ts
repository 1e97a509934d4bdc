import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { moduleName, orderModules, parseModulesBuiltin, parseModulesDep } from './module-order.ts'

/** Lines of depmod 30 for Debian's 6.1.0-56-cloud-amd64. */
const DEP = `kernel/drivers/virtio/virtio_ring.ko:
kernel/drivers/virtio/virtio.ko: kernel/drivers/virtio/virtio_ring.ko
kernel/drivers/block/virtio_blk.ko: kernel/drivers/virtio/virtio.ko kernel/drivers/virtio/virtio_ring.ko
kernel/mm/zsmalloc.ko:
kernel/drivers/block/zram/zram.ko: kernel/mm/zsmalloc.ko
kernel/crypto/lzo-rle.ko.xz:
`
const BUILTIN = 'kernel/fs/ext4/ext4.ko\nkernel/crypto/crc32c_generic.ko\n'

function order(wanted: readonly string[]) {
  return orderModules(wanted, parseModulesDep(DEP), parseModulesBuiltin(BUILTIN))
}

test('what a module needs comes first, each once, and what is built in not at all', () => {
  assert.deepEqual(order(['virtio_blk', 'ext4', 'zram', 'virtio', 'lzo_rle']), {
    ok: true,
    value: [
      'kernel/drivers/virtio/virtio_ring.ko',
      'kernel/drivers/virtio/virtio.ko',
      'kernel/drivers/block/virtio_blk.ko',
      'kernel/mm/zsmalloc.ko',
      'kernel/drivers/block/zram/zram.ko',
      'kernel/crypto/lzo-rle.ko.xz',
    ],
  })
  assert.deepEqual(order([]), { ok: true, value: [] })
  assert.deepEqual(order(['virtio-blk']), order(['virtio_blk']))
})

test('a module that is not there is named', () => {
  assert.deepEqual(order(['zram', 'nosuch']), { ok: false, error: { missing: 'nosuch' } })
})

test('names of modules', () => {
  const names = ['a/b/lzo-rle.ko', 'x.ko.xz', 'y.ko.zst', 'z.ko.gz', 'plain'].map(moduleName)
  assert.deepEqual(names, ['lzo_rle', 'x', 'y', 'z', 'plain'])
})

test('for any table without loops each module comes after all that it needs', () => {
  // Module i needs some of those before it, listed in any order, as modules.dep does.
  const table = fc
    .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 30 })
    .map((rows) => rows.map((row, index) => (index === 0 ? [] : row.map((need) => need % index))))
  fc.assert(
    fc.property(table, fc.array(fc.nat(), { maxLength: 5 }), (needs, picks) => {
      const lines = needs.map(
        (row, index) => `m${index}.ko: ${row.map((n) => `m${n}.ko`).join(' ')}`,
      )
      const wanted = picks.map((pick) => `m${pick % needs.length}`)
      const result = orderModules(wanted, parseModulesDep(lines.join('\n')), new Set())
      assert.ok(result.ok)
      const files = result.value
      assert.equal(new Set(files).size, files.length)
      for (const name of wanted) assert.ok(files.includes(`${name}.ko`))
      for (const [position, file] of files.entries()) {
        for (const need of needs[Number(file.slice(1, -3))] ?? []) {
          const before = files.indexOf(`m${need}.ko`)
          assert.ok(before !== -1 && before < position, `${file} before m${need}.ko`)
        }
      }
    }),
  )
})

test('a loop in a broken file ends', () => {
  const table = parseModulesDep('a.ko: b.ko\nb.ko: a.ko\n')
  assert.deepEqual(orderModules(['a'], table, new Set()), { ok: true, value: ['b.ko', 'a.ko'] })
})
