import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SubjectRow } from '../../../core/wire/records.ts'
import { rowFixture } from '../../../core/wire/rows.fixture.ts'
import { PLAIN_LOOK } from './scene.fixture.ts'
import { formatWho } from './who.ts'

const NAMES: readonly [row: Partial<SubjectRow>, width: number, who: string][] = [
  [{ name: 'python3.11 leak_list.py', pid: 1932 }, 30, 'python3.11 leak_list.py 1932'],
  [{ name: 'python3.11 leak_list.py', pid: 1932 }, 18, 'leak_list.py 1932'],
  [{ name: 'node a-server-of-ours.js', pid: 7 }, 14, 'a-ser…urs.js 7'],
  [{ name: 'shop-worker-first', pid: 7 }, 14, 'shop-…-first 7'],
  [{ name: 'tmux: server', pid: 7 }, 12, 'tmux…erver 7'],
  [{ kind: 'service', name: 'shop-api.service', processes: 4 }, 18, 'shop-api ×4'],
  [{ kind: 'kernel', name: 'unreclaimable slab' }, 18, 'unreclaimable slab'],
  [{ kind: 'kernel', name: 'vmalloc' }, 18, 'kernel vmalloc'],
  [{ kind: 'tmpfs', name: '/run/user/1000' }, 14, 'tmpfs …er/1000'],
]

for (const [changed, width, who] of NAMES) {
  test(`what tells a subject from others stays in ${width} columns: ${who}`, () => {
    assert.equal(formatWho(rowFixture('x', changed), width, PLAIN_LOOK), who)
  })
}
