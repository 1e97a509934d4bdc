/**
 * @module How Node runs guard and web process, wherever they are started: measured by bench/agent.ts.
 *
 * The optimising compilers cost more memory than so light a loop gains by them, and a small young
 * generation keeps garbage from being counted as its size: 67 MB of RSS for 98 over a busy host with 90
 * processes, at the same CPU time. Workers of V8's pool have nothing to do here.
 */
const LEAN: readonly string[] = ['--no-opt', '--max-semi-space-size=1', '--v8-pool-size=0']

/** Its heap's limit is a bound to a fault of ours, and no budget: with 2,048 series it is 6 MB. */
export function guardFlags(maxSeries: number): readonly string[] {
  const heapMib = Math.max(256, Math.ceil(maxSeries / 32))
  return [...LEAN, '--no-maglev', `--max-old-space-size=${heapMib}`]
}

/**
 * With Maglev: where 2,000 processes change each second it takes 15 ms of CPU a tick for 19 without, at
 * the same size, and 85 MB of RSS for 117 with Node's defaults.
 */
export const WEB_FLAGS: readonly string[] = [...LEAN, '--max-old-space-size=256']
