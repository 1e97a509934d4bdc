/**
 * @module One change at a time: a socket in the undo journal's directory, which nobody else may enter. The kernel closes
 * it with the process that listens, so that what a killed run left stands in nobody's way.
 */
import { createServer } from 'node:net'
import { messageOf, PlimsollError } from '../../base/errors.ts'
import { claimSocket } from '../guard/serve-claim.ts'

/** @throws PLM_UNDO where another run has it; what `work` throws */
export async function underLock<T>(path: string, work: () => T | Promise<T>): Promise<T> {
  const server = createServer((socket) => socket.destroy())
  try {
    await claimSocket(server, path, 0o600, null)
  } catch (error) {
    throw new PlimsollError('PLM_UNDO', `nothing is changed: ${messageOf(error)}`, {
      hint: 'Another plimsoll doctor changes settings now. Run it again when that one has ended.',
    })
  }
  try {
    return await work()
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
}
