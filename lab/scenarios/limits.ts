/** @module Limits of a part of the machine: there is memory, but not for these. */
import type { Guest } from '../machine/guest.ts'
import type { OomTruth, Scenario } from './scenario.ts'
import { setScene } from './scene.ts'

const LIMIT_MIB = 64

const AT_LIMIT: OomTruth = {
  kind: 'memcg',
  triggers: ['leaker'],
  killed: 'leaker',
  isInnocent: false,
  culprit: 'leaker',
  cause: 'cgroup-limit',
  memcg: '/job',
}

/** Runs a command inside a cgroup; joins before the command has a name, and the scene's shell stays outside. */
function inCgroup(directory: string, command: string): string {
  return `sh -c 'echo $$ > ${directory}/cgroup.procs; exec ${command}'`
}

const JOB = '/sys/fs/cgroup/job'

export const cgroupLimit: Scenario = {
  name: 'cgroup-limit',
  summary:
    'A process leaks in a cgroup with memory.max, and the rest of the machine has memory left.',
  guest: (setting) =>
    setScene(
      setting,
      [
        `mkdir ${JOB}`,
        `echo ${LIMIT_MIB}M > ${JOB}/memory.max`,
        `${inCgroup(JOB, 'grow leaker 100')} & leaker=$!`,
        'wait $leaker',
      ],
      { cgroups: 'v2' },
    ),
  ooms: [AT_LIMIT],
  doOthersWait: false,
  playSec: 10,
}

const JOB_V1 = '/sys/fs/cgroup/memory/job'

export const cgroupLimitV1: Scenario = {
  name: 'cgroup-limit-v1',
  summary: 'The same with the older cgroup v1 and its memory.limit_in_bytes.',
  guest: (setting) =>
    setScene(
      setting,
      [
        `mkdir ${JOB_V1}`,
        `echo ${LIMIT_MIB}M > ${JOB_V1}/memory.limit_in_bytes`,
        `${inCgroup(JOB_V1, 'grow leaker 100')} & leaker=$!`,
        'wait $leaker',
      ],
      { cgroups: 'v1' },
    ),
  ooms: [AT_LIMIT],
  doOthersWait: false,
  playSec: 10,
  // Debian builds it without CONFIG_MEMCG_V1.
  notOn: ['6.12'],
}

export const cgroupGroup: Scenario = {
  name: 'cgroup-group',
  summary: 'A leaker takes its whole cgroup with it, since memory.oom.group is set.',
  guest: (setting) =>
    setScene(
      setting,
      [
        `mkdir ${JOB}`,
        `echo ${LIMIT_MIB}M > ${JOB}/memory.max`,
        `echo 1 > ${JOB}/memory.oom.group`,
        ...['first', 'second'].flatMap((variable) => [
          `${inCgroup(JOB, 'grow worker 0 4')} & ${variable}=$!`,
          `holds $${variable} 4`,
        ]),
        `${inCgroup(JOB, 'grow leaker 100')} & leaker=$!`,
        'wait $leaker $first $second',
      ],
      { cgroups: 'v2' },
    ),
  ooms: [{ ...AT_LIMIT, diedToo: ['worker', 'worker'] }],
  doOthersWait: false,
  playSec: 10,
}

const TWO_NODES: Partial<Guest> = { numaNodes: 2, cgroups: 'v2' }

export const cpuset: Scenario = {
  name: 'cpuset',
  summary:
    'A cpuset keeps the leaker on one of two NUMA nodes: that one is full, the other is free.',
  guest: (setting) =>
    setScene(
      setting,
      [
        'echo +cpuset > /sys/fs/cgroup/cgroup.subtree_control',
        `mkdir ${JOB}`,
        `echo 1 > ${JOB}/cpuset.mems`,
        `${inCgroup(JOB, 'grow leaker 200')} & leaker=$!`,
        'wait $leaker',
      ],
      TWO_NODES,
    ),
  ooms: [
    {
      kind: 'cpuset',
      triggers: ['leaker'],
      killed: 'leaker',
      isInnocent: false,
      culprit: 'leaker',
      cause: 'constraint',
    },
  ],
  doOthersWait: false,
  playSec: 12,
}

export const mempolicy: Scenario = {
  name: 'mempolicy',
  summary: 'The leaker is bound to one of two NUMA nodes by its memory policy, and fills that one.',
  guest: (setting) =>
    setScene(setting, ['bind 1 grow leaker 200 & leaker=$!', 'wait $leaker'], {
      ...TWO_NODES,
      programs: ['bind'],
    }),
  ooms: [
    {
      kind: 'mempolicy',
      triggers: ['leaker'],
      killed: 'leaker',
      isInnocent: false,
      culprit: 'leaker',
      cause: 'constraint',
    },
  ],
  doOthersWait: false,
  playSec: 12,
}
