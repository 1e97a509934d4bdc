import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StreamEvent } from '../../core/wire/api.ts'
import type { Reader } from './hub.ts'
import { createHub } from './hub.ts'

const gone = (name: string): StreamEvent => ({ type: 'unmark', body: { subjectId: name } })

async function readText(reader: Reader | undefined): Promise<string | undefined> {
  const chunk = await reader?.next()
  return chunk && new TextDecoder().decode(chunk)
}

test('a reader gets what is published after it joined, in order', async () => {
  const hub = createHub()
  hub.publish(gone('before'))
  const reader = hub.join()
  hub.publish(gone('first'))
  hub.publish(gone('line\nbreak'))
  assert.equal(await readText(reader), ': beat\n\n', 'something at once, so that headers go out')
  assert.equal(await readText(reader), 'event: unmark\ndata: {"subjectId":"first"}\n\n')
  assert.equal(await readText(reader), 'event: unmark\ndata: {"subjectId":"line\\nbreak"}\n\n')
})

test('a reader that waits is woken', async () => {
  const hub = createHub()
  const reader = hub.join()
  await readText(reader)
  const waiting = readText(reader)
  hub.publish(gone('a'))
  assert.match((await waiting) ?? '', /"a"/)
})

test('one that fell behind is told once, gets no half of the past, and then goes on', async () => {
  const hub = createHub()
  const [slow, fast] = [hub.join(), hub.join()]
  await readText(fast)
  for (let i = 0; i < 10; i++) {
    hub.publish(gone('x'.repeat(1 << 20)))
    assert.match((await readText(fast)) ?? '', /^event: unmark/)
  }
  assert.match((await readText(slow)) ?? '', /^event: resync\ndata: .*fell behind/)
  hub.publish(gone('next'))
  assert.match((await readText(slow)) ?? '', /"next"/)
})

test('places are bounded, and free again once a reader left', () => {
  const hub = createHub()
  const readers: Reader[] = []
  for (let reader = hub.join(); reader !== undefined; reader = hub.join()) readers.push(reader)
  assert.equal(hub.readers, readers.length)
  readers[0]?.close()
  assert.equal(hub.readers, readers.length - 1)
  assert.notEqual(hub.join(), undefined)
  assert.equal(hub.join(), undefined)
})

test('closing ends all who wait', async () => {
  const hub = createHub()
  const reader = hub.join()
  await readText(reader)
  const waiting = readText(reader)
  hub.closeAll()
  assert.equal(await waiting, undefined)
  assert.equal(await readText(reader), undefined)
  assert.equal(hub.readers, 0)
})
