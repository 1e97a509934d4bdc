/** @module Takes the path of a unix socket: only one process listens on it, and no stranger. */
import { chownSync, lstatSync, renameSync, unlinkSync } from 'node:fs'
import type { Server } from 'node:net'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { PlimsollError } from '../../base/errors.ts'
import { claimDirectory } from './own-directory.ts'

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'an unknown error'
}

function refuse(path: string, got: string, hint?: string): PlimsollError {
  return new PlimsollError('PLM_SOCKET', `cannot listen on ${path}: ${got}`, hint ? { hint } : {})
}

function refuseTaken(path: string): PlimsollError {
  const hint = 'Stop it first, or set another [agent] runtime_dir.'
  return refuse(path, 'another process listens there', hint)
}

/** How a connection to `path` ends: 'connected', or the error's code. */
function tryConnect(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      resolve('connected')
    })
    socket.once('error', (error) => resolve(codeOf(error)))
  })
}

/**
 * Removes a socket that was found dead. Another process that starts now may have put its own in place of
 * it: so it is taken aside first, where nobody replaces it, and put back should it be alive.
 */
async function removeDead(path: string): Promise<void> {
  // Short, since a socket's path must be.
  const aside = join(dirname(path), `.${process.pid}`)
  try {
    renameSync(path, aside)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return
    throw error
  }
  if ((await tryConnect(aside)) === 'ECONNREFUSED') return unlinkSync(aside)
  renameSync(aside, path)
  throw refuseTaken(path)
}

/** Removes what a dead guard left; refuses what is alive or no socket. */
export async function clearStale(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false })
  if (found === undefined) return
  if (!found.isSocket()) throw refuse(path, 'there is a file, and it is no socket', 'Remove it.')
  const outcome = await tryConnect(path)
  if (outcome === 'ENOENT') return
  if (outcome === 'ECONNREFUSED') return removeDead(path)
  // EAGAIN: its queue of connections is full, so there is a process behind it.
  const isAlive = outcome === 'connected' || outcome === 'EAGAIN'
  throw isAlive ? refuseTaken(path) : refuse(path, outcome)
}

function listenOn(server: Server, path: string, mode: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.removeListener('error', reject)
      resolve()
    })
    // listen() binds before it returns: the file never has a wider mode, not for a moment.
    const before = process.umask(0o777 & ~mode)
    try {
      server.listen(path)
    } finally {
      process.umask(before)
    }
  })
}

/**
 * Makes `server` listen on `path` until it is closed, in a directory that is made where it is missing.
 * @param gid group that may connect; `null`: the owner's own
 * @throws PlimsollError PLM_SOCKET: somebody is there already, or the path may not be used
 */
export async function claimSocket(
  server: Server,
  path: string,
  mode: number,
  gid: number | null,
): Promise<void> {
  try {
    const directory = dirname(path)
    const fault = claimDirectory(directory, { mode: gid === null ? 0o700 : 0o750, gid })
    if (fault !== undefined) {
      const why = `${directory} must be ours alone, and ${fault}`
      throw refuse(path, why, 'Set [agent] runtime_dir to a directory of your own.')
    }
    await clearStale(path)
    await listenOn(server, path, mode)
    if (gid !== null) chownSync(path, process.getuid?.() ?? 0, gid)
  } catch (error) {
    if (error instanceof PlimsollError) throw error
    // Who started at the same moment was faster.
    throw codeOf(error) === 'EADDRINUSE' ? refuseTaken(path) : refuse(path, codeOf(error))
  }
}
