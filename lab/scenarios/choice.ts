/** @module Whom the killer chooses: not always who had the memory. */
import type { Scenario } from './scenario.ts'
import { setScene, startInnocent } from './scene.ts'

/** What the innocent holds, and how much of it the leaker takes once it is dead. */
const INNOCENT_MIB = 60
const BEYOND_MIB = 25

export const sparedLeaker: Scenario = {
  name: 'spared-leaker',
  summary: 'The leaker is spared by oom_score_adj -1000, so that an innocent process dies for it.',
  guest: (setting) =>
    setScene(setting, [
      ...startInnocent(INNOCENT_MIB),
      `grow leaker 200 $(($(free_mib) + ${BEYOND_MIB})) & leaker=$!`,
      'echo -1000 > /proc/$leaker/oom_score_adj',
      'wait $innocent',
      'kill $leaker',
      'wait $leaker',
    ]),
  ooms: [
    {
      kind: 'global',
      triggers: ['leaker', 'heartbeat'],
      killed: 'innocent',
      isInnocent: true,
      culprit: 'leaker',
      cause: 'process-leak',
    },
  ],
  doOthersWait: true,
  playSec: 12,
}

const LEAKERS = 3

export const manyLeakers: Scenario = {
  name: 'many-leakers',
  summary: 'Three processes leak at once: as soon as one is dead, the others need the next report.',
  guest: (setting) =>
    setScene(setting, [
      ...Array.from({ length: LEAKERS }, () => 'grow leaker 100 & leakers="$leakers $!"'),
      'wait $leakers',
    ]),
  ooms: Array.from({ length: LEAKERS }, () => ({
    kind: 'global' as const,
    triggers: ['leaker', 'heartbeat'],
    killed: 'leaker',
    isInnocent: false,
    culprit: 'leaker',
    cause: 'process-leak' as const,
  })),
  doOthersWait: true,
  playSec: 20,
}
