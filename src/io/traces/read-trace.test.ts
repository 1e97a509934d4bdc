import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { readManifest } from './read-manifest.ts'
import { readTraceRows } from './read-trace.ts'

let directory = ''
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-traces-'))
})
after(() => rmSync(directory, { recursive: true, force: true }))

function write(name: string, content: string | Uint8Array): string {
  const path = join(directory, name)
  writeFileSync(path, content)
  return path
}

async function levels(path: string): Promise<number[]> {
  const seen: number[] = []
  await readTraceRows(path, (row) => seen.push(row.rssAnonBytes))
  return seen
}

const LONG = `t_s,rss_anon\n${Array.from({ length: 50_000 }, (_, i) => `${i},${i * 4096}\n`).join('')}`

test('plain and packed traces read alike, whatever their names say', async () => {
  for (const [name, content] of [
    ['plain.csv', LONG],
    ['packed.csv.gz', gzipSync(LONG)],
    ['plain.gz', LONG],
    ['packed.csv', gzipSync(LONG)],
  ] as const) {
    const seen = await levels(write(name, content))
    assert.equal(seen.length, 50_000, name)
    assert.equal(seen[49_999], 49_999 * 4096, name)
  }
})

test('what cannot be read is named', async () => {
  const cases: readonly (readonly [path: string, message: RegExp])[] = [
    [join(directory, 'none.csv'), /cannot read .*none\.csv: ENOENT/],
    [directory, /cannot read .*: not a regular file/],
    ['/dev/null', /cannot read \/dev\/null: not a regular file/],
    [write('torn.csv.gz', gzipSync(LONG).subarray(0, 2000)), /cannot read .*torn\.csv\.gz: /],
    [write('empty.csv', ''), /empty\.csv:1:1: expected a header/],
    [write('bad.csv', 't_s,rss_anon\n0,1\n1,x\n'), /bad\.csv:3:3: rss_anon: expected .* got "x"/],
  ]
  for (const [path, message] of cases) {
    await assert.rejects(levels(path), { code: 'PLM_TRACE', message })
  }
})

test('a manifest is read as a whole or refused by line and column', async () => {
  const line = '{"file":"a.csv","headroom_bytes":5,"sample_s":1,"starts_s":null}'
  const specs = await readManifest(write('two.jsonl', `${line}\n\n${line}\n`))
  assert.equal(specs.length, 2)
  const cases: readonly (readonly [path: string, message: RegExp])[] = [
    [join(directory, 'none.jsonl'), /cannot read .*none\.jsonl: ENOENT/],
    [write('bad.jsonl', `${line}\n{"file":1}\n`), /bad\.jsonl:2:2: file: expected a path/],
    [write('text.jsonl', 'file,headroom\n'), /text\.jsonl:1:\d+: expected one JSON object/],
  ]
  for (const [path, message] of cases) {
    await assert.rejects(readManifest(path), { code: 'PLM_MANIFEST', message })
  }
})
