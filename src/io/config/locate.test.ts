import assert from 'node:assert/strict'
import { test } from 'node:test'
import { locateKeys } from './locate.ts'

test('every key has its line, whatever stands before it', () => {
  const text = `# [no.table] a = 1
top = """
not = "a key"
""""
[a] # ]
x.y = 'it\\' # "
"q k" = [ # comment ]
  1, "]",
  { p = 1, q = [ 2 ] }, # }
]
z = 1979-05-27 07:32:00
[[list]]
n = 1
[[list]]
[list.sub]
m = 2
`
  assert.deepEqual(Object.fromEntries(locateKeys(text)), {
    top: 2,
    a: 5,
    'a.x': 6,
    'a.x.y': 6,
    'a.q k': 7,
    'a.q k.0': 8,
    'a.q k.1': 8,
    'a.q k.2': 9,
    'a.q k.2.p': 9,
    'a.q k.2.q': 9,
    'a.q k.2.q.0': 9,
    'a.z': 11,
    list: 12,
    'list.0': 12,
    'list.0.n': 13,
    'list.1': 14,
    'list.sub': 15,
    'list.sub.m': 16,
  })
})
