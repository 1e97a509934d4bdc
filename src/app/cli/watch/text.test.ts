import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  cutEnd,
  cutMiddle,
  cutStart,
  displayWidth,
  padEnd,
  padStart,
  safeText,
  wrapText,
} from './text.ts'

const WIDTHS: readonly [text: string, width: number][] = [
  ['', 0],
  ['plain', 5],
  ['größe', 5],
  ['漢字', 4],
  ['ﾊﾝｶｸ', 4],
  ['한국', 4],
  ['😀', 2],
  ['e\u0301', 1],
  ['▁▂▃', 3],
]
test('a text takes as many columns as a terminal gives it', () => {
  for (const [text, width] of WIDTHS) assert.equal(displayWidth(text), width, text)
})

const SAFE: readonly [text: string, unicode: string, ascii: string][] = [
  ['plain', 'plain', 'plain'],
  ['a\u001b[2Jb', 'a\\x1b[2Jb', 'a\\x1b[2Jb'],
  ['a\u009b2Jb', 'a\\x9b2Jb', 'a\\x9b2Jb'],
  ['\u202egpj.exe', '\\u{202e}gpj.exe', '\\u{202e}gpj.exe'],
  ['a\u200bb', 'a\\u{200b}b', 'a\\u{200b}b'],
  ['❤\ufe0f', '❤\\u{fe0f}', '?\\u{fe0f}'],
  ['\ud800', '\\u{d800}', '\\u{d800}'],
  ['größe 漢', 'größe 漢', 'gr??e ?'],
]
test('a text that could steer or deceive is shown escaped', () => {
  for (const [text, unicode, ascii] of SAFE) {
    assert.equal(safeText(text, true), unicode)
    assert.equal(safeText(text, false), ascii)
    assert.equal(safeText(unicode, true), unicode)
  }
})

const CUTS: readonly [text: string, width: number, end: string, start: string][] = [
  ['short', 5, 'short', 'short'],
  ['longer', 5, 'long…', '…nger'],
  ['漢字漢字', 5, '漢字…', '…漢字'],
  ['漢字漢字', 4, '漢…', '…字'],
  ['abc', 1, '…', '…'],
  ['abc', 0, '', ''],
]
test('what does not fit is cut and marked, in the middle of no character', () => {
  for (const [text, width, end, start] of CUTS) {
    assert.equal(cutEnd(text, width, '…'), end)
    assert.equal(cutStart(text, width, '…'), start)
  }
})

test('of a name without its middle both ends are seen', () => {
  for (const [text, width, cut] of [
    ['shop-api-7f9c-worker-2', 12, 'shop-…rker-2'],
    ['short', 5, 'short'],
    ['漢字漢字', 5, '漢…字'],
    ['abc', 2, '…c'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
  ] as const) {
    assert.equal(cutMiddle(text, width, '…'), cut)
  }
})

test('padding counts columns', () => {
  assert.equal(padEnd('漢', 4), '漢  ')
  assert.equal(padStart('漢', 4), '  漢')
  assert.equal(padEnd('longer', 4), 'longer')
})

test('lines are broken between words, and within one that is longer than a line', () => {
  assert.deepEqual(wrapText('', 5), [''])
  assert.deepEqual(wrapText('one two three', 7), ['one two', 'three'])
  assert.deepEqual(wrapText('abcdefghij kl', 4), ['abcd', 'efgh', 'ij', 'kl'])
})
