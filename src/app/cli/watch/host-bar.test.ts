import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MEMORY_KINDS } from '../../../base/palette.ts'
import { HOST_FIXTURE } from '../../../core/wire/rows.fixture.ts'
import { hostBar, hostParts, legend, stackBar } from './host-bar.ts'
import { plainText } from './look.ts'
import { PLAIN_LOOK } from './scene.fixture.ts'

test('the parts are in the order of the stack and add up to the memory', () => {
  const parts = hostParts(HOST_FIXTURE)
  const order = parts.map(({ kind }) => MEMORY_KINDS.indexOf(kind))
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  )
})

test('kernel stacks are not counted twice', () => {
  const vmalloc = hostParts(HOST_FIXTURE).find(({ kind }) => kind === 'vmalloc')
  assert.equal(vmalloc?.bytes, 67_108_864 - 16_777_216)
})

test('a bar has exactly its width, whatever its parts', () => {
  const part = fc.record({
    kind: fc.constantFrom(...MEMORY_KINDS),
    bytes: fc.double({ min: 1, max: 1e15, noNaN: true }),
  })
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1 }),
      fc.integer({ min: 1, max: 200 }),
      (parts, width) => {
        assert.equal(plainText(stackBar(parts, width, PLAIN_LOOK)).length, width)
      },
    ),
  )
})

test('figures give way to the bar, and the bar to a narrow screen', () => {
  const at = (width: number): string => plainText(hostBar(HOST_FIXTURE, width, PLAIN_LOOK))
  assert.match(at(120), /#+.*\.+ {2}8\.0 GiB of 16\.0 GiB available, pressure 0\.0 %, full 0\.0 %$/)
  assert.match(at(60), /\.+ {2}8\.0 GiB of 16\.0 GiB available$/)
  assert.equal(at(40), '8.0 GiB of 16.0 GiB available')
  const swapping = { ...HOST_FIXTURE, swapTotalBytes: 2 ** 31, swapFreeBytes: 2 ** 30, psi: null }
  assert.match(
    plainText(hostBar(swapping, 120, PLAIN_LOOK)),
    /, swap 1\.0 GiB used, pressure unknown$/,
  )
})

test('the legend has as many kinds as fit, the largest first', () => {
  const text = plainText(legend(hostParts(HOST_FIXTURE), 40, PLAIN_LOOK))
  assert.equal(text, '# anonymous 6.0 GiB  . free 4.0 GiB')
})
