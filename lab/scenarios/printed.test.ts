import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { findPrintedOoms, type PrintedOom, parseKernelLines } from './printed.ts'

function read(name: string): readonly PrintedOom[] {
  const text = readFileSync(join(import.meta.dirname, 'logs', name), 'utf8')
  return findPrintedOoms(parseKernelLines(text.split('\n')))
}

test('a log and a console tell the same, but for the levels', () => {
  const strip = (ooms: readonly PrintedOom[]) =>
    ooms.map(({ lines, ...rest }) => ({ ...rest, printed: lines.map(({ printed }) => printed) }))
  for (const name of ['5.10-incident', '6.1-many-leakers', '6.12-swap-full', '6.12-cgroup-group']) {
    const fromLog = strip(read(`${name}.log`))
    assert.ok(fromLog.length > 0)
    assert.deepEqual(fromLog, strip(read(`${name}.console`)), name)
  }
})

test('kernel memory is in the figures, and who died for it in the rows', () => {
  const [oom, ...others] = read('5.10-kernel-memory.log')
  assert.ok(oom !== undefined && others.length === 0)
  assert.equal(oom.asker, 'messages')
  assert.equal(oom.constraint, 'CONSTRAINT_NONE')
  assert.deepEqual(
    oom.killed.map(({ name }) => name),
    ['innocent'],
  )
  assert.ok(oom.tasks.some(({ name, rssPages }) => name === 'innocent' && rssPages >= 40 * 256))
  assert.ok(oom.tasks.filter(({ name }) => name.startsWith('sleeper-')).length >= 12)
  assert.ok(Number(oom.memory.unreclaimableSlabPages) > Number(oom.memory.ramPages) / 3)
  assert.equal(oom.memory.totalSwapKib, 0)
})

test('a request by hand has the order -1, and a group says so', () => {
  assert.equal(read('5.10-sysrq.log')[0]?.order, -1)
  const [group] = read('6.1-cgroup-group.log')
  assert.equal(group?.isGroup, true)
  assert.equal(group?.memcg, '/job')
})

test('what is no report is passed over', () => {
  assert.deepEqual(findPrintedOoms(parseKernelLines(['', 'x', '<6>[    1.0] a line'])), [])
})
