/**
 * @module The incident in a guest with Plimsoll's own guard, several times in one boot: with the console guard,
 * with a console that prints nothing, and with the console as its owner has it.
 */
import type { Kernel } from '../../lab/archive/kernels.ts'
import { nodeFiles } from '../../lab/image/node.ts'
import type { Guest } from '../../lab/machine/guest.ts'
import { LOG_BEGINS, LOG_ENDS } from '../../lab/machine/script.ts'
import { guardFlags } from '../../src/io/guard/node-flags.ts'
import { GUARD_DEFAULTS } from '../../src/io/guard/settings.ts'
import { plimsollFiles } from '../../test/lab/plimsoll-files.ts'

export const BAUD = 19_200
export const TASKS = 200

/** `silent`: no line reaches the console, so that what stands still there does so for other reasons. */
export const HANDLINGS = ['guard', 'silent', 'without'] as const
export type Handling = (typeof HANDLINGS)[number]

/** `host`: a process takes all of the memory. `groups`: two containers reach their limits. */
export const SCENES = ['host', 'groups'] as const
export type Scene = (typeof SCENES)[number]

/** Begins each round in the kernel's log and on the console. */
export const MARK = 'console-guard round'

const SOCKET = '/run/plimsoll/guard.sock'
const JOURNAL = '/var/lib/plimsoll/console.journal'

function ownersLevels(handling: Handling): string {
  return handling === 'silent' ? '1 4' : '7 4'
}

function guardFile(handling: Handling) {
  const settings = {
    socketPath: SOCKET,
    stateFile: '/var/lib/plimsoll/guard.state',
    console: { isOn: handling === 'guard', journalFile: JOURNAL, hostRoot: '' },
  }
  return { path: 'etc/guard.json', from: { text: JSON.stringify(settings) } }
}

/** A heartbeat that the killer spares, in this shell's group or another. */
function heartbeat(name: string, group: string | null): string {
  const enter = group === null ? '' : `echo 0 > /sys/fs/cgroup/${group}/cgroup.procs; `
  return `( ${enter}echo -1000 > /proc/self/oom_score_adj; exec heartbeat ${name} /dev/ttyS2 --stall-ms 50 ) & beats="$beats $!"`
}

/** One process takes all of the memory, at 200 MiB/s. */
const HOST_ROUND: readonly string[] = [
  heartbeat('bystander', null),
  'tell leak',
  'grow leaker 200 & leaker=$!',
  'wait $leaker',
  'tell over',
  'until [ "$(levels)" = "$owners" ]; do sleep 0.02; done',
  'tell loud',
]

const MAKE_GROUPS: readonly string[] = [
  'cd /sys/fs/cgroup; mkdir first second; echo 128M > first/memory.max; echo 128M > second/memory.max; cd /',
]

/** Both reach their limit; a bystander in each and one outside. */
function groupsRound(handling: Handling): readonly string[] {
  return [
    heartbeat('same', 'first'),
    heartbeat('second', 'second'),
    heartbeat('outside', null),
    // The groups are looked at every 5 s.
    ...(handling === 'guard' ? ['until [ "$(levels)" != "$owners" ]; do sleep 0.1; done'] : []),
    'tell leak',
    '( echo 0 > /sys/fs/cgroup/first/cgroup.procs; exec grow leaker 50 ) & leaker=$!',
    '( echo 0 > /sys/fs/cgroup/second/cgroup.procs; exec grow other 49 ) & other=$!',
    'wait $leaker; wait $other',
    'tell over',
  ]
}

/** What each round begins with: nothing of the rounds before is in the log that `dmesg` gives. */
const BEGIN_ROUND: readonly string[] = [
  'round=$((round + 1)); beats=',
  'sleep 2',
  'dmesg -c > /dev/null',
  `echo "<4>${MARK} $round" > /dev/kmsg`,
  'tell round',
]

const END_ROUND: readonly string[] = [
  // The guard's summary, and what else is late.
  'sleep 1',
  'kill $beats; wait $beats',
  'tell ended "\\"levels\\":\\"$(levels)\\""',
  `echo '${LOG_BEGINS}'; dmesg -r; echo '${LOG_ENDS}'`,
]

function script(handling: Handling, scene: Scene, rounds: number): readonly string[] {
  const flags = guardFlags(GUARD_DEFAULTS.maxSeries).join(' ')
  const ready = handling === 'guard' ? `[ -s ${JOURNAL} ]` : `[ -S ${SOCKET} ]`
  return [
    // The shell's own read takes one byte at a time, and of a sysctl there is no second.
    `levels() { cat /proc/sys/kernel/printk | { read -r a b c; echo "$a $b"; }; }`,
    `owners='${ownersLevels(handling)}'`,
    'mkdir -p /var/lib/plimsoll',
    // As docs/console-guard.md advises: the guard keeps its own text.
    'mkdir /sys/fs/cgroup/agent; echo 160M > /sys/fs/cgroup/agent/memory.min',
    `( echo 0 > /sys/fs/cgroup/agent/cgroup.procs; echo -1000 > /proc/self/oom_score_adj; exec node ${flags} /opt/plimsoll/dist/guard.cjs --settings /etc/guard.json ) 2> /run/guard-says & guard=$!`,
    `until ${ready}; do kill -0 $guard || { cat /run/guard-says; exit; }; sleep 0.1; done`,
    `sleepers ${TASKS}`,
    ...(scene === 'groups' ? MAKE_GROUPS : []),
    'round=0',
    `while [ $round -lt ${rounds} ]; do`,
    ...BEGIN_ROUND,
    ...(scene === 'groups' ? groupsRound(handling) : HOST_ROUND),
    ...END_ROUND,
    'done',
    'kill $guard; wait $guard',
    'tell stopped "\\"levels\\":\\"$(levels)\\""',
    'cat /run/guard-says',
  ]
}

/** A machine in which the scene is played so many times. */
export async function guardGuest(
  kernel: Kernel,
  handling: Handling,
  scene: Scene,
  rounds: number,
): Promise<Guest> {
  return {
    kernel,
    root: 'ext4',
    memoryMib: 1024,
    cpus: 2,
    consoles: [{ baud: BAUD }],
    cgroups: 'v2',
    sysctls: { 'kernel.printk': `${ownersLevels(handling)} 1 7` },
    files: [...(await nodeFiles()), ...(await plimsollFiles()), guardFile(handling)],
    script: script(handling, scene, rounds),
  }
}
