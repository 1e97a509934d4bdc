import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drawSpans, without } from './picture.ts'

const AXIS = { fromMs: 0, toMs: 100 }

for (const [what, spans, drawn] of [
  ['nothing', [], '          '],
  ['all', [AXIS], '##########'],
  ['a part', [{ fromMs: 20, toMs: 50 }], '  ###     '],
  ['a moment', [{ fromMs: 33, toMs: 33 }], '   #      '],
  [
    'what sticks out',
    [
      { fromMs: -50, toMs: 11 },
      { fromMs: 99, toMs: 300 },
    ],
    '#        #',
  ],
] as const) {
  test(`a row of the picture has ${what}`, () => {
    assert.equal(drawSpans(spans, AXIS, 10, '#'), drawn)
  })
}

for (const [taken, rest] of [
  [[], [AXIS]],
  [[AXIS], []],
  [
    [
      { fromMs: 20, toMs: 30 },
      { fromMs: 10, toMs: 25 },
    ],
    [
      { fromMs: 0, toMs: 10 },
      { fromMs: 30, toMs: 100 },
    ],
  ],
  [[{ fromMs: -5, toMs: 90 }], [{ fromMs: 90, toMs: 100 }]],
  [[{ fromMs: 90, toMs: 500 }], [{ fromMs: 0, toMs: 90 }]],
] as const) {
  test(`what is left beside ${JSON.stringify(taken)}`, () => {
    assert.deepEqual(without(AXIS, taken), rest)
  })
}
