/** @module Lines of guest scripts that many scenarios share. */

/** What others feel: an allocating process that the killer spares. Ends with `endHeartbeat`. */
export const startHeartbeat: readonly string[] = [
  'heartbeat heartbeat /dev/ttyS2 & beat=$!',
  'echo -1000 > /proc/$beat/oom_score_adj',
]

/** Waits a second after the last OOM, so that what is late still counts. */
export const endHeartbeat: readonly string[] = ['sleep 1', 'kill $beat', 'wait $beat']

export function startSleepers(count: number): readonly string[] {
  return [`sleepers ${count}`, 'sleep 0.5']
}

/** A process that grows until it is killed; waits for its end. */
export function leakUntilKilled(name: string, mibPerSec: number): readonly string[] {
  return ['tell leak', `grow ${name} ${mibPerSec} & leaker=$!`, 'gone $leaker', 'tell over']
}
