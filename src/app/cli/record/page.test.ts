import assert from 'node:assert/strict'
import { test } from 'node:test'
import { queueRecord, type SlotQueue } from '../../../core/record/queue.ts'
import { RECORD_TYPES, type RecordType } from '../../../core/record/records.ts'
import { recoverRing } from '../../../core/record/recover.ts'
import { BOOT_ID, emptyImage, flushTo, openQueue } from '../../../core/record/ring.fixture.ts'
import { HOST_FIXTURE } from '../../../core/wire/rows.fixture.ts'
import { renderRing, summaryLines } from './page.ts'

const T0 = Date.UTC(2026, 10, 25, 23, 59, 30)

function put(queue: SlotQueue, type: RecordType, content: unknown, sec: number): void {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const bytes = new TextEncoder().encode(text)
  const wallMs = T0 + sec * 1000
  assert.ok(queueRecord(queue, RECORD_TYPES[type], bytes, bytes.length, sec * 1000, wallMs))
}

function eventOf(kind: string, reason: string): unknown {
  const base = { id: '0f8fad5b-1', hostId: 'h', bootId: BOOT_ID, bootMs: 1, wallMs: 2 }
  return { ...base, kind, subject: null, reason, data: {} }
}

function ringOf(fill: (queue: SlotQueue) => void, spoil = (_image: Uint8Array): void => {}) {
  const image = emptyImage(16)
  const queue = openQueue(14, 16)
  fill(queue)
  flushTo(image, queue)
  spoil(image)
  return recoverRing(image)
}

const OPTIONS = { isUnicode: true, isFull: false }
const STORY = (queue: SlotQueue): void => {
  put(queue, 'event', eventOf('lifecycle', 'guard 4121 records'), 0)
  put(queue, 'sample', HOST_FIXTURE, 1)
  put(queue, 'sample', { ...HOST_FIXTURE, memAvailableBytes: 1_073_741_824 }, 10)
  put(
    queue,
    'event',
    eventOf('verdict', `python3 \u001b[31mleaks ${'12 MiB an hour since 03:10, '.repeat(3)}now`),
    40,
  )
  put(queue, 'kmsg', '4,1,2,-;a line\n4,2,3,-;the \u009b next\n', 41)
  put(queue, 'kmsg', '4,3,4,-;and one\n', 41)
  put(queue, 'event', 'no JSON', 42)
}

test('what happened is told in order, folded, in 80 columns', () => {
  const text = renderRing(ringOf(STORY), OPTIONS)
  assert.equal(
    text,
    `Host tried recorded 7 records from 2026-11-25 23:59:30 to 2026-11-26 00:00:12
UTC; 7 of 16 slots are used, and all that was written is whole.

2026-11-25, boot 0f8fad5b
  23:59:30  lifecycle  guard 4121 records
  23:59:31  sample     2 samples, 1.0 GiB to 8.0 GiB left of 16.0 GiB

2026-11-26, boot 0f8fad5b
  00:00:10  verdict    python3 \\x1b[31mleaks 12 MiB an hour since 03:10, 12 MiB
                       an hour since 03:10, 12 MiB an hour since 03:10, now
  00:00:11  kmsg       3 lines
  00:00:12  event      cannot be read: Unexpected token 'o', "no JSON" is not
                       valid JSON
`,
  )
})

test('in full, every sample and every line is there, and none steers the terminal', () => {
  const text = renderRing(ringOf(STORY), { ...OPTIONS, isFull: true })
  assert.match(text, /sample {5}8.0 GiB left of 16.0 GiB/)
  assert.match(text, /\n {6}4,2,3,-;the \\x9b next\n/)
  assert.doesNotMatch(text.replaceAll('\n', ''), /[\u0000-\u001f\u007f-\u009f]/)
})

test('damage is told first', () => {
  const ring = ringOf(STORY, (image) => image.fill(0, 4 * 4096, 5 * 4096))
  assert.match(summaryLines(ring, true).join(' '), /slots are used, but one slot is missing\.$/)
})

test('a loss is told before what came after it', () => {
  const ring = ringOf((queue) => {
    const large = new Uint8Array(60_000)
    assert.equal(queueRecord(queue, RECORD_TYPES.kmsg, large, large.length, 1, 2), false)
    put(queue, 'event', eventOf('lifecycle', 'it goes on'), 0)
  })
  assert.match(
    renderRing(ring, OPTIONS),
    /lost {7}something before this found no room\n.*it goes on\n$/,
  )
})

test('an empty recorder says so', () => {
  const [line] = summaryLines(
    ringOf(() => {}),
    true,
  )
  assert.match(line ?? '', /^Host tried recorded nothing yet; 0 of 16 slots are used/)
})
