/** @module What an agent that was killed left beside its guard: the guard is the last, and takes it away. */
import { rmSync } from 'node:fs'
import { clearStale } from './serve-claim.ts'
import type { GuardSettings } from './settings.ts'

/** Removes the dead agent's files; none of an agent that is there, which removes them itself. */
export async function clearTraces(agent: GuardSettings['agent']): Promise<void> {
  if (agent === null) return
  try {
    await clearStale(agent.socket)
    for (const file of agent.files) rmSync(file, { force: true })
  } catch {
    // It is alive, or they are not ours any more.
  }
}
