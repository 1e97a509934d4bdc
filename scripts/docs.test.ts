import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import type { ConfigText } from '../src/io/config/parse.ts'
import { parseConfig } from '../src/io/config/parse.ts'
import { TABLE } from '../src/io/config/table.ts'
import { DOCUMENTS } from './docs.ts'

for (const [file, render] of Object.entries(DOCUMENTS)) {
  test(`${file} says what the code does (npm run docs writes it)`, () => {
    assert.equal(readFileSync(file, 'utf8'), render())
  })
}

test('every example is a configuration', () => {
  const text = Object.entries(TABLE)
    .map(([section, keys]) => {
      const lines = Object.entries(keys).map(([name, { example }]) => `${name} = ${example}`)
      return `[${section}]\n${lines.join('\n')}\n`
    })
    .join('')
  const given: ConfigText = { text, file: 'examples' }
  const parsed = parseConfig(given)
  assert.deepEqual(parsed.ok ? [] : parsed.error, [])
})
