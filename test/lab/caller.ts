/** @module A process that runs a guest which never ends, for tests that end its caller: says each event by its name. */
import { findKernel } from '../../lab/archive/kernels.ts'
import { runGuest } from '../../lab/machine/run.ts'

await runGuest(
  {
    kernel: await findKernel('6.1'),
    memoryMib: 128,
    cpus: 1,
    consoles: [{ baud: 9600 }],
    script: ['tell waiting', 'sleep 3600'],
  },
  { withinSec: 120, onEvent: ({ event }) => console.log(event) },
)
