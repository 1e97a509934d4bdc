/** @module One look at this host by the sampler, as whoever runs it: JSON on standard output. */
import { readBootMs } from '../../src/linux/identity.ts'
import { openSampler } from '../../src/linux/sampler.ts'

const sampler = openSampler()
const bootMs = readBootMs()
sampler.fastPass(bootMs)
sampler.fullPass(1_000_000, bootMs)
sampler.readHost(bootMs, Date.now())
const pools = sampler.readPools()
const host = sampler.readHost(bootMs, Date.now())
const { table } = sampler
let known = 0
for (let slot = 0; slot < table.length; slot++) {
  const isKnown = (table.anonBytes[slot] ?? Number.NaN) >= 0 && (table.uid[slot] ?? -1) >= 0
  if (table.pid[slot] !== 0 && isKnown && sampler.readProgram(slot) !== '') known++
}
const init = table.pid.indexOf(1)
console.log(
  JSON.stringify({
    uid: process.geteuid?.(),
    host,
    pools,
    missing: sampler.missing(),
    processes: table.processes,
    known,
    init: { anonBytes: table.anonBytes[init], uid: table.uid[init] },
  }),
)
sampler.close()
