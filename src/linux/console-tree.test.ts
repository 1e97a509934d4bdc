import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openTree, resolveInside } from './console-tree.ts'

let top = ''
let root = ''
before(() => {
  top = mkdtempSync(join(tmpdir(), 'plimsoll-tree-'))
  root = join(top, 'tree')
  mkdirSync(join(root, 'sys/class'), { recursive: true })
  mkdirSync(join(root, 'sys/devices/tty'), { recursive: true })
  writeFileSync(join(root, 'sys/devices/tty/type'), '4\n')
  writeFileSync(join(top, 'outside'), 'secret\n')
  symlinkSync('../devices/tty', join(root, 'sys/class/relative'))
  symlinkSync('/sys/devices/tty', join(root, 'sys/class/absolute'))
  symlinkSync('../../../../../outside', join(root, 'sys/class/leaves'))
  symlinkSync(join(top, 'outside'), join(root, 'sys/class/names'))
  symlinkSync('round', join(root, 'sys/class/round'))
  spawnSync('mkfifo', [join(root, 'pipe')])
})
after(() => rmSync(top, { recursive: true, force: true }))

for (const [path, expected] of [
  ['/sys/devices/tty/type', '4'],
  ['/sys/class/relative/type', '4'],
  ['/sys/class/absolute/type', '4'],
  ['/../../sys/devices/tty/type', '4'],
  ['/sys/class/leaves', 'gone'],
  ['/sys/class/names', 'gone'],
  ['/sys/class/round', 'gone'],
  ['/sys/class', 'gone'],
  ['/nothing', 'gone'],
  // Opening it would wait for a writer.
  ['/pipe', 'gone'],
] as const) {
  test(`${path} of a saved tree`, () => {
    const got = openTree(root).read(path)
    assert.equal(got.ok ? got.text : got.why, expected)
  })
}

test('a root that ends with a slash is the same root', () => {
  const got = openTree(`${root}/`).read('/sys/class/absolute/type')
  assert.equal(got.ok && got.text, '4')
})

test('no path leads out of the tree', () => {
  for (const path of ['/..', '/../outside', '/sys/class/leaves', '/sys/class/names']) {
    assert.ok(resolveInside(root, path)?.startsWith(root))
  }
})

test('directories are listed, and what is longer than asked for is cut', () => {
  const tree = openTree(root)
  assert.deepEqual(tree.list('/sys/class/absolute'), ['type'])
  assert.deepEqual(tree.list('/nothing'), [])
  const got = tree.read('/sys/devices/tty/type', 1)
  assert.equal(got.ok && got.text, '4')
  assert.equal(tree.has('/sys/class/absolute'), true)
  assert.equal(tree.has('/nothing'), false)
})
