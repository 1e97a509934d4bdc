/**
 * @module A process that writes a history as fast as it can, by a clock that goes a second a tick, until
 * it is killed. Says the clock after each tick. `node writer.ts FILE START_MS MAX_BYTES`.
 */
import { HOST_FIXTURE, rowFixture } from '../../../src/core/wire/rows.fixture.ts'
import { openHistory } from '../../../src/io/history/history.ts'

const [path = '', startMs = '0', maxBytes = '0'] = process.argv.slice(2)
const SERIES = 60

let nowMs = Number(startMs)
const history = openHistory({
  path,
  maxBytes: Number(maxBytes),
  nowMs: () => nowMs,
  onTrouble: (message) => process.stdout.write(`trouble ${message}\n`),
})

function tick(): void {
  nowMs += 1000
  const second = nowMs / 1000
  const rows = Array.from({ length: SERIES }, (_, index) => {
    // Most stay, and one of them is a new process every few seconds.
    const id = index > 0 ? `process:${index}:1` : `process:${Math.floor(second / 7)}:2`
    return rowFixture(id, { levelBytes: second * 977 + index })
  })
  history.recordTick({ ...HOST_FIXTURE, wallMs: nowMs }, rows, [])
  process.stdout.write(`${nowMs}\n`)
}

function run(): void {
  for (let i = 0; i < 5; i++) tick()
  setImmediate(run)
}
run()
