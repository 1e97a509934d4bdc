import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { findProgram } from '../archive/tools.ts'
import type { FileEntry } from '../machine/cpio.ts'
import { imageName, makeExt4Image } from './ext4.ts'

const ENTRIES: readonly FileEntry[] = [
  { kind: 'file', path: 'bin/run', mode: 0o755, data: Buffer.from('run') },
  { kind: 'file', path: 'usr/lib/of-tree', mode: 0o644, data: Buffer.from('over it') },
  { kind: 'link', path: 'etc/unit', target: '/dev/null' },
  { kind: 'directory', path: 'empty' },
]

for (const [what, entries, tree] of [
  ['another byte', [{ ...ENTRIES[0], data: Buffer.from('ran') }, ...ENTRIES.slice(1)], null],
  ['another mode', [{ ...ENTRIES[0], mode: 0o644 }, ...ENTRIES.slice(1)], null],
  ['another path', [{ ...ENTRIES[0], path: 'bin/ran' }, ...ENTRIES.slice(1)], null],
  ['one less', ENTRIES.slice(1), null],
  ['another tree', ENTRIES, '/tree'],
] as const) {
  test(`${what} is another image`, () => {
    assert.notEqual(imageName(entries as readonly FileEntry[], tree), imageName(ENTRIES, null))
    assert.equal(imageName(ENTRIES, tree), imageName([...ENTRIES], tree))
  })
}

const lacking = ['mke2fs', 'debugfs', 'flock'].find((name) => findProgram(name) === null)
test('an image holds the tree and what lies over it, and the tree stays as it is', {
  skip: lacking === undefined ? false : `${lacking} is not there`,
}, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'plimsoll-image-'))
  const cacheHome = process.env.XDG_CACHE_HOME
  process.env.XDG_CACHE_HOME = join(folder, 'cache')
  t.after(() => {
    if (cacheHome === undefined) delete process.env.XDG_CACHE_HOME
    else process.env.XDG_CACHE_HOME = cacheHome
    rmSync(folder, { recursive: true })
  })
  const tree = join(folder, 'tree')
  mkdirSync(join(tree, 'usr/lib'), { recursive: true })
  writeFileSync(join(tree, 'usr/lib/of-tree'), 'as it is')
  writeFileSync(join(tree, 'usr/lib/other'), 'other')

  const image = await makeExt4Image(ENTRIES, { tree })
  assert.equal(await makeExt4Image(ENTRIES, { tree }), image)
  const { size, blocks } = statSync(image)
  assert.ok(blocks * 512 < size / 4, 'what is free takes no room')
  assert.equal(readFileSync(join(tree, 'usr/lib/of-tree'), 'utf8'), 'as it is')

  // Others that were used long ago go, save the last few; one that was used lately stays.
  const neighbours = Array.from({ length: 9 }, (_, age) => join(dirname(image), `root-${age}.ext4`))
  neighbours.forEach((file, age) => {
    writeFileSync(file, '')
    const usedSec = Date.now() / 1000 - (age === 0 ? 60 : age * 24 * 3600)
    utimesSync(file, usedSec, usedSec)
  })
  await makeExt4Image(ENTRIES, { tree })
  assert.deepEqual(
    neighbours.map((file) => existsSync(file)),
    [true, true, true, true, true, false, false, false, false],
  )

  const debugfs = findProgram('debugfs') as string
  const ask = (request: string): string =>
    spawnSync(debugfs, ['-R', request, image], { encoding: 'utf8' }).stdout
  assert.equal(ask('cat /usr/lib/of-tree'), 'over it')
  assert.equal(ask('cat /usr/lib/other'), 'other')
  assert.match(ask('stat /bin/run'), /Type: regular +Mode: +0755[\s\S]*User: +0 +Group: +0/)
  assert.match(ask('stat /etc/unit'), /Type: symlink[\s\S]*Fast link dest: "\/dev\/null"/)
  assert.match(ask('stat /empty'), /Type: directory/)
})
