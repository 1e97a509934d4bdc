import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SubjectRow } from '../../../core/wire/records.ts'
import { rowFixture } from '../../../core/wire/rows.fixture.ts'
import type { Arrangement } from './arrange.ts'
import { arrangeRows, foldSingles, isAboutAny } from './arrange.ts'
import { LEAK, POOL, SERVICE } from './scene.fixture.ts'

const BIG = rowFixture('process:7:7', { name: 'Database', pid: 7, levelBytes: 10 ** 10 })
const ROWS = [POOL, BIG, SERVICE, LEAK]
const PLAIN: Arrangement = { sort: 'worst', show: 'all', filter: '' }

const CASES: readonly [changed: Partial<Arrangement>, rows: readonly SubjectRow[]][] = [
  [{}, [LEAK, BIG, SERVICE, POOL]],
  [{ sort: 'size' }, [BIG, LEAK, SERVICE, POOL]],
  [{ sort: 'rate' }, [LEAK, BIG, SERVICE, POOL]],
  [{ sort: 'left' }, [LEAK, BIG, SERVICE, POOL]],
  [{ sort: 'name' }, [POOL, BIG, LEAK, SERVICE]],
  [{ sort: 'kind' }, [LEAK, BIG, SERVICE, POOL]],
  [{ show: 'processes' }, [LEAK, BIG]],
  [{ show: 'services' }, [SERVICE]],
  [{ show: 'pools' }, [POOL]],
  [{ filter: 'NGINX' }, [SERVICE]],
  [{ filter: '4121' }, [LEAK, POOL, SERVICE].filter((row) => row.pid === 4121)],
  [{ filter: 'leak  rises' }, [LEAK]],
  [{ filter: 'leaks' }, [LEAK]],
  [{ filter: 'shmem' }, [POOL]],
  [{ filter: 'leak absent' }, []],
]
for (const [changed, rows] of CASES) {
  test(`rows by ${JSON.stringify(changed)}`, () => {
    assert.deepEqual(
      arrangeRows(ROWS, { ...PLAIN, ...changed }).map((row) => row.id),
      rows.map((row) => row.id),
    )
  })
}

test('a service of one process is left out unless it says more or was asked for', () => {
  const single = { ...SERVICE, processes: 1 }
  const member = rowFixture('process:9:9', { serviceId: single.id })
  const worse = { ...single, verdict: LEAK.verdict }
  assert.deepEqual(foldSingles([single, member], PLAIN), [member])
  assert.deepEqual(foldSingles([worse, member], PLAIN), [worse, member])
  assert.deepEqual(foldSingles([SERVICE, member], PLAIN), [SERVICE, member])
  assert.deepEqual(foldSingles([single], { ...PLAIN, show: 'services' }), [single])
  assert.deepEqual(foldSingles([single, member], { ...PLAIN, filter: 'x' }), [single, member])
})

for (const [filter, isAbout] of [
  ['', true],
  ['NGINX', true],
  ['zzz', false],
  ['nginx zzz', false],
  ['suspected', true],
  ['may leak', true],
  ['leaks zzz', false],
] as const) {
  test(`the filter "${filter}" is about ${isAbout ? 'something' : 'nothing'} that is there`, () => {
    assert.equal(isAboutAny([SERVICE], filter), isAbout)
  })
}
