import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseKeys } from './parse-keys.ts'

const CASES: readonly [bytes: string, keys: readonly string[], rest: string][] = [
  ['', [], ''],
  ['jk', ['j', 'k'], ''],
  ['é漢😀', ['é', '漢', '😀'], ''],
  ['\r\u007f\u0003', ['enter', 'backspace', 'ctrl-c'], ''],
  ['\u001b[A\u001b[B', ['up', 'down'], ''],
  ['\u001bOA\u001bOB', ['up', 'down'], ''],
  ['\u001b[5~\u001b[6~\u001b[H\u001b[4~', ['pageup', 'pagedown', 'home', 'end'], ''],
  ['\u001b', [], '\u001b'],
  ['\u001b[', [], '\u001b['],
  ['\u001b[1;5', [], '\u001b[1;5'],
  ['\u001b[1;5Cq', ['q'], ''],
  ['\u001b\u001b', ['escape'], '\u001b'],
  ['\u001bq', ['escape', 'q'], ''],
  ['\u0000\u0001', [], ''],
]
test('bytes of terminals are read as keys', () => {
  for (const [bytes, keys, rest] of CASES) {
    assert.deepEqual(parseKeys(bytes), { keys, rest }, JSON.stringify(bytes))
  }
})

test('any bytes are read, and what waits for its end stays short', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (bytes) => {
      assert.ok(parseKeys(bytes).rest.length <= 18)
    }),
  )
})
