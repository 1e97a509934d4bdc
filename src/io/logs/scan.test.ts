import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { renderScanCode } from '../../../scripts/wasm.ts'
import { createScanner, SCAN_BLOCK, SCAN_MARGIN } from './scan.ts'
import { SCAN_CODE } from './scan-code.ts'

/** Each from its pair of letters on. */
const PHRASE = /(?<=oom-)kill|Killed p|killable/
const scanner = createScanner()

function put(text: string): number {
  const { memory } = scanner
  memory.fill(0)
  return SCAN_MARGIN + memory.write(text, SCAN_MARGIN, 'latin1')
}

const piece = fc.oneof(
  fc.constantFrom(
    'oom-kill',
    'Killed p',
    'killable',
    'tgid tot',
    'oom-kil',
    'Killed',
    'kill',
    'tgi',
  ),
  fc.constantFrom('\n', 'k', 'K', 'i', 't', 'g', '-', '\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n'),
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((c) => String.fromCharCode(c)) }),
)

test('the block of the first phrase is found, and the line ends before it are counted', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('')
      const end = put(text)
      const first = text.search(PHRASE)
      const at = scanner.find(SCAN_MARGIN, end)
      const lines = scanner.takeLines()
      const before = text.slice(0, at - SCAN_MARGIN)
      assert.equal(lines, before.split('\n').length - 1)
      if (first < 0) assert.ok(at >= end)
      else {
        assert.ok(first >= at - SCAN_MARGIN && first < at - SCAN_MARGIN + SCAN_BLOCK)
        assert.ok(at < end)
      }
    }),
  )
})

test('more line ends than one register holds are counted', () => {
  const count = 400_000
  const end = put('\n'.repeat(count))
  scanner.find(SCAN_MARGIN, end)
  assert.equal(scanner.takeLines(), count)
})

const rendered = renderScanCode()

test('the code is that of report-scan.wat', {
  skip: rendered === undefined ? 'no wat2wasm here (apt-get install wabt)' : false,
}, () => {
  const code = /'([\w+/=' \n]*)'/.exec(rendered ?? '')?.[1]?.replaceAll(/' \+\n\s*'/g, '')
  assert.equal(code, SCAN_CODE)
})
