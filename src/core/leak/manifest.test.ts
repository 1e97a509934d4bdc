import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseManifestLine } from './manifest.ts'

test('a line with all that is known, and with what need not be', () => {
  const line =
    '{"file":"a/b.csv.gz","headroom_bytes":1e9,"sample_s":0.5,"starts_s":[0,60],"label":1}'
  assert.deepEqual(parseManifestLine(line), {
    ok: true,
    value: { file: 'a/b.csv.gz', headroomBytes: 1e9, sampleSec: 0.5, startsSec: [0, 60] },
  })
  const short = parseManifestLine('{"file":"a.csv","headroom_bytes":1,"sample_s":1}')
  assert.equal(short.ok && short.value.startsSec, null)
})

const BAD: readonly (readonly [line: string, column: number, what: RegExp])[] = [
  ['{"file":"a.csv",}', 17, /expected one JSON object/],
  ['{"file":"a.csv"', 16, /expected one JSON object/],
  ['[1]', 1, /expected one JSON object, got \[1\]/],
  ['{"headroom_bytes":1,"sample_s":1}', 1, /file: expected a path below .* got nothing/],
  ['{"file":"","headroom_bytes":1,"sample_s":1}', 2, /file: expected/],
  ['{"file":"/etc/passwd","headroom_bytes":1,"sample_s":1}', 2, /file: expected a path below/],
  ['{"file":"a/../../b","headroom_bytes":1,"sample_s":1}', 2, /file: expected a path below/],
  [
    '{"file":"a","headroom_bytes":0,"sample_s":1}',
    13,
    /headroom_bytes: expected bytes above 0, got 0/,
  ],
  ['{"file":"a","headroom_bytes":"1","sample_s":1}', 13, /headroom_bytes: .* got "1"/],
  ['{"file":"a","headroom_bytes":1,"sample_s":-1}', 32, /sample_s: expected seconds above 0/],
  [
    '{"file":"a","headroom_bytes":1,"sample_s":1,"starts_s":3}',
    45,
    /starts_s: expected null or a list/,
  ],
  ['{"file":"a","headroom_bytes":1,"sample_s":1,"starts_s":["x"]}', 45, /starts_s: .* got \["x"\]/],
]

test('a bad line is named by key and column', () => {
  for (const [line, column, what] of BAD) {
    const parsed = parseManifestLine(line)
    assert.ok(!parsed.ok, line)
    assert.match(parsed.error.what, what)
    assert.equal(parsed.error.column, column, line)
  }
})
