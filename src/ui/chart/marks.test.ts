import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Event, EventKind } from '../../core/wire/records.ts'
import { thinMarks } from './marks.ts'

function mark(x: number, kind: EventKind, to?: string) {
  const event: Event = {
    id: `${x}`,
    hostId: 'h',
    bootId: 'b',
    bootMs: 0,
    wallMs: x,
    kind,
    subject: null,
    reason: '',
    data: to === undefined ? {} : { to },
  }
  return { x, event }
}

test('marks of a crowded axis stand apart, and the gravest of them stay', () => {
  const crowd = Array.from({ length: 600 }, (_, x) => mark(x, 'verdict', 'harmless'))
  const grave = [mark(101, 'oom'), mark(303.5, 'verdict', 'confirmed')]
  const kept = thinMarks([...crowd, ...grave], 8)
  for (const each of grave) assert.ok(kept.includes(each))
  const places = kept.map(({ x }) => x).sort((a, b) => a - b)
  for (const [i, x] of places.entries()) {
    assert.ok(i === 0 || x - (places[i - 1] ?? 0) >= 8, `${x}`)
  }
  assert.ok(places.length >= 600 / 16, 'no wide part is left empty')
})

test('marks that are apart all stay', () => {
  assert.equal(
    thinMarks([mark(0, 'lifecycle'), mark(8, 'lifecycle'), mark(20, 'oom')], 8).length,
    3,
  )
})
