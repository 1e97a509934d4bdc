import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MIB } from '../../base/units.ts'
import { openProcTree, PAGE } from '../../linux/proc-tree.fixture.ts'
import { openSampler } from '../../linux/sampler.ts'
import { createProcessTops } from './process-tops.ts'

function rowsOf(bytes: Uint8Array, length: number): readonly (readonly string[])[] {
  const text = new TextDecoder().decode(bytes.subarray(0, length))
  return text
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.split(' '))
}

test('who holds most and who grew most are told, and not who took the number of one that ended', (t) => {
  const tree = openProcTree()
  const sampler = openSampler({ ...tree, pageSize: PAGE, maxFds: 0 })
  t.after(() => {
    sampler.close()
    tree[Symbol.dispose]()
  })
  const tops = createProcessTops()
  const look = (bootMs: number): void => {
    sampler.fastPass(bootMs)
    sampler.fullPass(1000, bootMs)
    tops.follow(sampler.table, bootMs)
  }
  for (let pid = 1; pid <= 40; pid++) {
    tree.set({ pid, startTicks: 100 + pid, comm: `p${pid}`, anonBytes: pid * MIB })
  }
  look(1000)
  tree.set({ pid: 3, startTicks: 103, comm: 'p3', anonBytes: 10 * MIB, swapBytes: MIB })
  tree.end(5)
  tree.set({ pid: 5, startTicks: 999, comm: 'another', anonBytes: 90 * MIB })
  look(61_000)

  const text = { bytes: new Uint8Array(8192), length: 0 }
  tops.write(sampler.table, text)
  const rows = rowsOf(text.bytes, text.length)
  const held = rows.filter(([why]) => why === 'held')
  assert.equal(held.length, 16)
  assert.deepEqual(
    held.slice(0, 3).map(([, pid, ticks, anon, , , grown]) => [pid, ticks, anon, grown]),
    [
      ['5', '999', `${90 * MIB}`, '-'],
      ['40', '140', `${40 * MIB}`, '0'],
      ['39', '139', `${39 * MIB}`, '0'],
    ],
  )
  assert.deepEqual(
    rows.filter(([why]) => why === 'grew'),
    [['grew', '3', '103', `${10 * MIB}`, '0', `${MIB}`, `${8 * MIB}`, 'p3']],
  )
})
