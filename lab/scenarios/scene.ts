/** @module What the guests of all scenarios have in common, and lines of script that many share. */
import type { Guest } from '../machine/guest.ts'
import type { Setting } from './scenario.ts'

/** What others feel: a process that allocates at each beat, and that the killer spares. Ends with `endHeartbeat`. */
function startHeartbeat(allocKib: number): readonly string[] {
  return [
    `heartbeat heartbeat /dev/ttyS2 --alloc-kib ${allocKib} --tell-ms 200 & beat=$!`,
    'echo -1000 > /proc/$beat/oom_score_adj',
  ]
}

/** Waits a second after the last OOM, so that what is late still counts. */
const endHeartbeat: readonly string[] = ['sleep 1', 'kill $beat', 'wait $beat']

function startSleepers(count: number): readonly string[] {
  return [`sleepers ${count}`, 'sleep 0.5']
}

/** Functions for scripts that need to know what memory there is. */
const MEASURES: readonly string[] = [
  `free_mib() { awk '/^MemFree/ { print int($2 / 1024) }' /proc/meminfo; }`,
  `rss_mib() { awk '/^VmRSS/ { print int($2 / 1024) }' "/proc/$1/status"; }`,
  'holds() { until [ "$(rss_mib "$1")" -ge "$2" ]; do sleep 0.1; done; }',
]

/** A machine with a bystander and idle processes, on which `scene` is played. */
export function setScene(
  { kernel, memoryMib, tasks, baud, sysctls }: Setting,
  scene: readonly string[],
  special: Partial<Guest> = {},
  { heartbeatKib = 1024 } = {},
): Guest {
  return {
    kernel,
    memoryMib,
    cpus: 2,
    consoles: [{ baud }],
    ...special,
    sysctls: { 'kernel.printk': '7 4 1 7', ...special.sysctls, ...sysctls },
    script: [
      ...MEASURES,
      ...startHeartbeat(heartbeatKib),
      ...startSleepers(tasks),
      'tell leak',
      ...scene,
      'tell over',
      ...endHeartbeat,
    ],
  }
}

/**
 * A process that grows until it is killed; waits for its end. The shell waits as a parent and takes no
 * memory for it, or it might be the one that asks.
 */
export function growUntilKilled(name: string, mibPerSec: number): readonly string[] {
  return [`grow ${name} ${mibPerSec} & leaker=$!`, 'wait $leaker']
}

/**
 * What an innocent process holds, and how much beyond the free memory others take: enough that it dies for
 * them, and not so much that another has to.
 */
export const INNOCENT = { mib: 40, beyondMib: 15 } as const

/** A process that holds its memory and does nothing. Its pid is in `$innocent`. */
export const startInnocent: readonly string[] = [
  `grow innocent 0 ${INNOCENT.mib} & innocent=$!`,
  `holds $innocent ${INNOCENT.mib}`,
]
