/** @module Memory that no one process holds, so that whoever is killed is innocent. */
import type { OomTruth, Scenario } from './scenario.ts'
import { INNOCENT, setScene, startInnocent } from './scene.ts'

/** More than there is, by half of what the innocent gives back. */
const MORE_THAN_FREE = `$(($(free_mib) + ${INNOCENT.beyondMib}))`

const INNOCENT_KILLED: Omit<OomTruth, 'triggers' | 'culprit' | 'cause'> = {
  kind: 'global',
  killed: 'innocent',
  isInnocent: true,
}

export const tmpfs: Scenario = {
  name: 'tmpfs',
  summary: 'Files fill a tmpfs, which counts as nobody, and the largest process dies for them.',
  guest: (setting) =>
    setScene(setting, [
      'mkdir /fill && mount -t tmpfs -o size=100% fill /fill',
      ...startInnocent,
      `dd if=/dev/zero of=/fill/file bs=64k count=$((${MORE_THAN_FREE} * 16))`,
      'rm /fill/file',
    ]),
  ooms: [{ ...INNOCENT_KILLED, triggers: ['dd', 'heartbeat'], culprit: 'tmpfs', cause: 'shmem' }],
  doOthersWait: true,
  playSec: 15,
}

export const kernelMemory: Scenario = {
  name: 'kernel-memory',
  summary:
    'The kernel itself holds the memory, in unreclaimable slab, and the largest process dies for it.',
  guest: (setting) =>
    setScene(setting, [...startInnocent, `messages ${MORE_THAN_FREE}`, 'messages --remove'], {
      programs: ['messages'],
      sysctls: { 'kernel.msgmax': '65536', 'kernel.msgmnb': '2147483647' },
    }),
  ooms: [
    {
      ...INNOCENT_KILLED,
      triggers: ['messages', 'heartbeat'],
      culprit: 'slab',
      cause: 'kernel-memory',
    },
  ],
  doOthersWait: true,
  playSec: 15,
}

/** What the reserved pages leave, and what a modest process then asks for. */
const LEFT_MIB = 60
const MODEST_MIB = 80

export const hugepages: Scenario = {
  name: 'hugepages',
  summary: 'Reserved huge pages leave so little that a process of ordinary size does not fit.',
  guest: (setting) =>
    setScene(setting, [
      `echo $((($(free_mib) - ${LEFT_MIB}) / 2)) > /proc/sys/vm/nr_hugepages`,
      `grow modest 50 ${MODEST_MIB} & modest=$!`,
      'wait $modest',
    ]),
  ooms: [
    {
      kind: 'global',
      triggers: ['modest', 'heartbeat'],
      killed: 'modest',
      isInnocent: true,
      culprit: 'hugetlb',
      cause: 'hugetlb',
    },
  ],
  doOthersWait: true,
  playSec: 12,
}

const SMALL_MIB = 2

export const swarm: Scenario = {
  name: 'swarm',
  summary: 'A hundred and more small processes fill the machine, and none of them is to blame.',
  guest: (setting) => setScene(setting, [`swarm small ${SMALL_MIB}`], { programs: ['swarm'] }),
  ooms: [
    {
      kind: 'global',
      triggers: ['small', 'heartbeat'],
      killed: 'small',
      isInnocent: true,
      culprit: null,
      cause: 'many-processes',
      mayRepeat: true,
    },
  ],
  doOthersWait: true,
  playSec: 25,
}
