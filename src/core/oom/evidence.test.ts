import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { KIB, MIB } from '../../base/units.ts'
import { createEvidenceKeeper } from './evidence.ts'
import { createLogReader } from './read.ts'

test('a kept line does not keep the block of the log that it was cut from', () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const reader = createEvidenceKeeper(true).watch(createLogReader(() => {}))
  collect()
  const before = process.memoryUsage().heapUsed
  for (let number = 1; number <= 2000; number++) {
    const block = Buffer.alloc(16 * KIB, 'x').toString('latin1')
    reader.push(block.slice(10, 200), number)
  }
  collect()
  const grownBytes = process.memoryUsage().heapUsed - before
  // Whose lines are kept for as long as it is in use.
  reader.push('', 2001)
  assert.ok(grownBytes < 8 * MIB, `${grownBytes} bytes`)
})
