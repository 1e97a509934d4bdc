/** @module The incident: a leak, a full report on a slow console, and a machine that stands still. */
import type { Scenario } from './scenario.ts'
import { endHeartbeat, leakUntilKilled, startHeartbeat, startSleepers } from './scene.ts'

export const incident: Scenario = {
  name: 'incident',
  summary: 'one process leaks, and the report is printed on a slow serial console',
  guest: ({ kernel, tasks, baud, memoryMib, sysctls }) => ({
    kernel,
    memoryMib,
    cpus: 2,
    consoles: [{ baud }],
    sysctls: { 'kernel.printk': '7 4 1 7', ...sysctls },
    script: [
      ...startHeartbeat,
      ...startSleepers(tasks),
      ...leakUntilKilled('leaker', 200),
      ...endHeartbeat,
    ],
  }),
  ooms: [
    {
      kind: 'global',
      triggers: ['leaker', 'heartbeat'],
      killed: 'leaker',
      isInnocent: false,
      culprit: 'leaker',
    },
  ],
  playSec: 12,
}
