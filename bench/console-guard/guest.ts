/**
 * @module The incident in a guest with Plimsoll's own guard: the same machine with the console guard and without,
 * and what others felt of it.
 */
import type { Kernel } from '../../lab/archive/kernels.ts'
import { nodeFiles } from '../../lab/image/node.ts'
import type { Guest } from '../../lab/machine/guest.ts'
import type { GuestRun } from '../../lab/machine/run.ts'
import { findPrintedOoms, parseKernelLines } from '../../lab/scenarios/printed.ts'
import { guardFlags } from '../../src/io/guard/node-flags.ts'
import { GUARD_DEFAULTS } from '../../src/io/guard/settings.ts'
import { plimsollFiles } from '../../test/lab/plimsoll-files.ts'

export const BAUD = 19_200
export const TASKS = 200
/** As the owner has it. */
const OWNERS = '7 4'

const SOCKET = '/run/plimsoll/guard.sock'
const JOURNAL = '/var/lib/plimsoll/console.journal'

function guardFile(isOn: boolean) {
  const settings = {
    socketPath: SOCKET,
    stateFile: '/var/lib/plimsoll/guard.state',
    console: { isOn, journalFile: JOURNAL, hostRoot: '' },
  }
  return { path: 'etc/guard.json', from: { text: JSON.stringify(settings) } }
}

/** Lines of the scene that start a heartbeat which the killer spares, in this shell's group or another. */
function heartbeat(name: string, group: string | null): string {
  const enter = group === null ? '' : `echo 0 > /sys/fs/cgroup/${group}/cgroup.procs; `
  return `( ${enter}echo -1000 > /proc/self/oom_score_adj; exec heartbeat ${name} /dev/ttyS2 ) & beats="$beats $!"`
}

function machine(kernel: Kernel, isOn: boolean, scene: readonly string[]): Omit<Guest, 'files'> {
  const flags = guardFlags(GUARD_DEFAULTS.maxSeries).join(' ')
  const ready = isOn ? `[ -s ${JOURNAL} ]` : `[ -S ${SOCKET} ]`
  return {
    kernel,
    root: 'ext4',
    memoryMib: 1024,
    cpus: 2,
    consoles: [{ baud: BAUD }],
    cgroups: 'v2',
    sysctls: { 'kernel.printk': `${OWNERS} 1 7` },
    script: [
      // The shell's own read takes one byte at a time, and of a sysctl there is no second.
      `levels() { cat /proc/sys/kernel/printk | { read -r a b c; echo "$a $b"; }; }`,
      'mkdir -p /var/lib/plimsoll',
      `node ${flags} /opt/plimsoll/dist/guard.cjs --settings /etc/guard.json 2> /run/guard-says & guard=$!`,
      `until ${ready}; do kill -0 $guard || { cat /run/guard-says; exit; }; sleep 0.1; done`,
      `sleepers ${TASKS}`,
      'sleep 2',
      ...scene,
      'sleep 1',
      'kill $beats; wait $beats',
      'kill $guard; wait $guard',
      'tell ended "\\"levels\\":\\"$(levels)\\""',
      'cat /run/guard-says',
    ],
  }
}

/** One process takes all of the memory, at 200 MiB/s. */
export async function hostGuest(kernel: Kernel, isOn: boolean): Promise<Guest> {
  const scene = [
    heartbeat('bystander', null),
    `until [ "$(levels)" = '${OWNERS}' ]; do sleep 0.1; done`,
    'tell leak',
    'grow leaker 200 & leaker=$!',
    'wait $leaker',
    'tell over "\\"levels\\":\\"$(levels)\\""',
    `until [ "$(levels)" = '${OWNERS}' ]; do sleep 0.02; done`,
    'tell loud',
  ]
  return {
    ...machine(kernel, isOn, scene),
    files: [...(await nodeFiles()), ...(await plimsollFiles()), guardFile(isOn)],
  }
}

/** Two containers of 128 MiB, both of which reach their limit; a bystander in each and one outside. */
export async function groupGuest(kernel: Kernel, isOn: boolean): Promise<Guest> {
  const scene = [
    'cd /sys/fs/cgroup; mkdir first second; echo 128M > first/memory.max; echo 128M > second/memory.max; cd /',
    heartbeat('same', 'first'),
    heartbeat('second', 'second'),
    heartbeat('outside', null),
    // The groups are looked at every 5 s.
    ...(isOn ? [`until [ "$(levels)" != '${OWNERS}' ]; do sleep 0.1; done`] : []),
    'tell leak',
    '( echo 0 > /sys/fs/cgroup/first/cgroup.procs; exec grow leaker 50 ) & leaker=$!',
    '( echo 0 > /sys/fs/cgroup/second/cgroup.procs; exec grow other 49 ) & other=$!',
    'wait $leaker; wait $other',
    'tell over "\\"levels\\":\\"$(levels)\\""',
  ]
  return {
    ...machine(kernel, isOn, scene),
    files: [...(await nodeFiles()), ...(await plimsollFiles()), guardFile(isOn)],
  }
}

/** What a run was like. */
export interface Felt {
  /** The longest time that each bystander stood still, ms. */
  readonly longestMs: Readonly<Record<string, number>>
  /** Of the consoles, from the first line of a report on. */
  readonly wireBytes: number
  /** Reports in the kernel's buffer, and rows of their task tables. */
  readonly reports: number
  readonly rows: readonly number[]
  /** Of the console: headers and kill lines of reports. */
  readonly headers: number
  readonly kills: number
  readonly summaryLines: number
  /** kernel.printk when the leaker was gone, and at the end. */
  readonly levelsAtEnd: string
  /** From the leaker's end until the console was as its owner has it, ms; NaN: not waited for. */
  readonly loudAfterMs: number
}

function memberOf(run: GuestRun, event: string, member: string): unknown {
  return run.events.find((one) => one.event === event)?.[member]
}

export function feltOf(run: GuestRun): Felt {
  const beats = run.events.filter(({ event }) => event === 'heartbeat')
  const lines = run.consoles.flat()
  const count = (pattern: RegExp): number => lines.filter(({ text }) => pattern.test(text)).length
  const first = lines.findIndex(({ text }) => / invoked oom-killer: /.test(text))
  const ooms = findPrintedOoms(parseKernelLines(run.kernelLog))
  return {
    longestMs: Object.fromEntries(beats.map(({ name, longestMs }) => [name, Number(longestMs)])),
    wireBytes: first < 0 ? 0 : lines.slice(first).reduce((sum, line) => sum + line.wireBytes, 0),
    reports: ooms.length,
    rows: ooms.map(({ tasks }) => tasks.length),
    headers: count(/ invoked oom-killer: /),
    kills: count(/ Killed process \d+/),
    summaryLines: count(/ plimsoll: /),
    levelsAtEnd: String(memberOf(run, 'ended', 'levels')),
    loudAfterMs: Number(memberOf(run, 'loud', 'atMs')) - Number(memberOf(run, 'over', 'atMs')),
  }
}
