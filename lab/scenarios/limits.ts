/** @module Limits of a part of the machine: there is memory, but not for these. */
import type { Scenario } from './scenario.ts'
import { setScene } from './scene.ts'

const LIMIT_MIB = 64

export const cgroupLimit: Scenario = {
  name: 'cgroup-limit',
  summary:
    'A process leaks in a cgroup with memory.max, and the rest of the machine has memory left.',
  guest: (setting) =>
    setScene(
      setting,
      [
        'mkdir /sys/fs/cgroup/job',
        `echo ${LIMIT_MIB}M > /sys/fs/cgroup/job/memory.max`,
        // Joins before it is the leaker: the shell of the scene stays outside.
        "sh -c 'echo $$ > /sys/fs/cgroup/job/cgroup.procs; exec grow leaker 100' & leaker=$!",
        'wait $leaker',
      ],
      { cgroups: 'v2' },
    ),
  ooms: [
    {
      kind: 'memcg',
      triggers: ['leaker'],
      killed: 'leaker',
      isInnocent: false,
      culprit: 'leaker',
      cause: 'cgroup-limit',
      memcg: '/job',
    },
  ],
  doOthersWait: false,
  playSec: 10,
}
