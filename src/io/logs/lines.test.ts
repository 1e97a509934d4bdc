import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { forEachLine } from './lines.ts'

test('lines are those of the text, long ones cut, whatever the pieces', async () => {
  const line = fc.oneof(
    { weight: 9, arbitrary: fc.string({ maxLength: 30 }).map((text) => text.replaceAll('\n', '')) },
    { weight: 1, arbitrary: fc.integer({ min: 16_380, max: 40_000 }).map((n) => 'x'.repeat(n)) },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 30 }),
      fc.integer({ min: 1, max: 50_000 }),
      fc.boolean(),
      async (lines, size, isEnded) => {
        const text = lines.map((each) => `${each}\n`).join('')
        const bytes = Buffer.from(isEnded ? text : text.replace(/\n$/, ''))
        let at = 0
        const got: string[] = []
        await forEachLine(
          {
            read(into) {
              const read = bytes.copy(into, 0, at, Math.min(bytes.length, at + size))
              at += read
              return read
            },
          },
          (each, number) => {
            got.push(each)
            assert.equal(number, got.length)
          },
        )
        const wanted = bytes.toString().split('\n')
        if (wanted.at(-1) === '') wanted.pop()
        assert.deepEqual(
          got,
          wanted.map((each) => each.slice(0, 16_384)),
        )
      },
    ),
  )
})
