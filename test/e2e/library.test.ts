import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'

/** A program of somebody else, which has the package installed. */
const directory = mkdtempSync(join(tmpdir(), 'plimsoll-library-'))
after(() => rmSync(directory, { recursive: true }))
mkdirSync(join(directory, 'node_modules/@types'), { recursive: true })
symlinkSync(resolve('.'), join(directory, 'node_modules/plimsoll'))
symlinkSync(resolve('node_modules/@types/node'), join(directory, 'node_modules/@types/node'))
writeFileSync(join(directory, 'package.json'), '{"type":"module"}')

const [, example = ''] = /```js\n([\s\S]*?)```/.exec(readFileSync('docs/explain.md', 'utf8')) ?? []

test('the example of the document runs', () => {
  writeFileSync(join(directory, 'example.js'), example)
  const log = resolve('lab/scenarios/logs/6.12-hugepages.log')
  const { stdout, stderr } = spawnSync(process.execPath, ['example.js', log], {
    cwd: directory,
    encoding: 'utf8',
  })
  assert.equal(stderr, '')
  assert.match(stdout, /^innocent: modest \(\d+\) was killed; huge pages .* \[hugetlb\]\n$/)
})

test('the document has every function, and no other', () => {
  writeFileSync(
    join(directory, 'names.js'),
    "console.log(Object.keys(await import('plimsoll/oom')).sort().join())",
  )
  const { stdout } = spawnSync(process.execPath, ['names.js'], { cwd: directory, encoding: 'utf8' })
  const text = readFileSync('docs/explain.md', 'utf8')
  const rows = text.slice(text.indexOf('| function |')).match(/^\| `[^|]*/gm) ?? []
  const documented = rows.flatMap((row) => [...row.matchAll(/`(\w+)/g)].map(([, name]) => name))
  assert.equal(stdout.trim(), documented.sort().join())
})

test('its types hold, and refuse what is wrong', () => {
  const check = (text: string): string => {
    writeFileSync(join(directory, 'example.ts'), text)
    const words = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024']
    return spawnSync(
      resolve('node_modules/.bin/tsc'),
      [...words, '--lib', 'es2024', '--types', 'node', 'example.ts'],
      { cwd: directory, encoding: 'utf8' },
    ).stdout
  }
  assert.equal(check(example.replace('process.argv[2]', "'log'")), '')
  assert.match(check(example.replace('killed, verdict', 'killled, verdict')), /killled/)
})
