import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { MemoryKind } from '../../base/palette.ts'
import type { SubjectRow } from './records.ts'
import { rowFixture } from './rows.fixture.ts'
import { memoryKindOf } from './subject-words.ts'

const CASES: readonly [changed: Partial<SubjectRow>, kind: MemoryKind][] = [
  [{}, 'anon'],
  [{ shmemBytes: 20_000_000 }, 'shmem'],
  [{ swapBytes: 20_000_000 }, 'swap'],
  [{ kind: 'tmpfs' }, 'shmem'],
  [{ kind: 'slab' }, 'slab'],
  [{ kind: 'kernel', name: 'page tables' }, 'pageTables'],
  [{ kind: 'kernel', name: 'something new' }, 'unaccounted'],
  [{ kind: 'kernel', name: 'valueOf' }, 'unaccounted'],
]
test('the kind of memory is what most of a subject is made of', () => {
  for (const [changed, kind] of CASES) {
    assert.equal(memoryKindOf(rowFixture('x', changed)), kind, JSON.stringify(changed))
  }
})
