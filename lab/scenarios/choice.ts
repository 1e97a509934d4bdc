/** @module Whom the killer chooses: not always who had the memory. */
import type { OomTruth, Scenario } from './scenario.ts'
import { INNOCENT, setScene, startInnocent } from './scene.ts'

export const sparedLeaker: Scenario = {
  name: 'spared-leaker',
  summary: 'The leaker is spared by oom_score_adj -1000, so that an innocent process dies for it.',
  guest: (setting) =>
    setScene(setting, [
      ...startInnocent,
      `grow leaker 200 $(($(free_mib) + ${INNOCENT.beyondMib})) & leaker=$!`,
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

const LEAKER_KILLED: OomTruth = {
  kind: 'global',
  triggers: ['leaker', 'heartbeat'],
  killed: 'leaker',
  isInnocent: false,
  culprit: 'leaker',
  cause: 'process-leak',
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
  ooms: Array.from({ length: LEAKERS }, () => LEAKER_KILLED),
  doOthersWait: true,
  playSec: 20,
}

/** What the leaker leaves, and what the asker wants of it. */
const LEFT_MIB = 25
const ASKED_MIB = 60

export const killAsker: Scenario = {
  name: 'kill-asker',
  summary:
    'With vm.oom_kill_allocating_task=1 it is whoever asks that dies, whoever has the memory.',
  guest: (setting) =>
    setScene(
      setting,
      [
        `grow leaker 200 $(($(free_mib) - ${LEFT_MIB})) & leaker=$!`,
        `until [ "$(free_mib)" -le ${LEFT_MIB + 5} ]; do sleep 0.1; done`,
        `grow asker 100 ${ASKED_MIB} & asker=$!`,
        'wait $asker',
        'kill $leaker',
        'wait $leaker',
      ],
      { sysctls: { 'vm.oom_kill_allocating_task': '1' } },
      // A spared process that asks is not killed, and another is chosen in its place.
      { heartbeatKib: 0 },
    ),
  ooms: [
    {
      kind: 'global',
      triggers: ['asker'],
      killed: 'asker',
      isInnocent: true,
      culprit: 'leaker',
      cause: 'process-leak',
    },
  ],
  doOthersWait: false,
  playSec: 12,
}
