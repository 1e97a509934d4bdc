/** @module Starts programs that end with this process, however it ends. */
import { buildProgram } from './programs.ts'

/** What a port may hold, by its descriptor in the program. */
export interface PortBuffer {
  readonly fd: number
  readonly bytes: number
}

/**
 * Program and arguments for spawn, from the thread that lives longest: PR_SET_PDEATHSIG goes by threads.
 * @throws PLM_LAB, PLM_LAB_TOOL where launch.c cannot be built
 */
export function launchCommand(
  program: string,
  args: readonly string[],
  buffers: readonly PortBuffer[] = [],
): [program: string, args: string[]] {
  const ports = buffers.map(({ fd, bytes }) => `${fd}:${bytes}`)
  const launch = buildProgram('lab/machine/launch.c')
  return [launch, [String(process.pid), ...ports, '--', program, ...args]]
}
