/** @module Chooses the source: an agent's socket if it may be used, else own sampling, and says why. */
import { dirname } from 'node:path'
import { strangerAt } from '../../../io/guard/own-directory.ts'
import { guardSocketPaths } from '../../../io/guard/socket-path.ts'
import { openAgentSource } from './agent-source.ts'
import { openOwnSource } from './own-source.ts'
import type { SourceHandlers, WatchSource } from './source.ts'

export interface SourceWish {
  /** Sample by itself even where an agent runs. */
  readonly own: boolean
  /** This agent and no other; `null`: any that this user may use. */
  readonly socketPath: string | null
  /** Of own sampling. */
  readonly intervalMs: number
  readonly owner: { readonly uid: number; readonly runtimeDir: string | undefined }
}

/** Snapshots of a source that was tried and not taken are not passed on. */
async function tryAgent(
  path: string,
  handlers: SourceHandlers,
): Promise<{ source: WatchSource } | { reason: string }> {
  let isTaken = false
  const source = openAgentSource(path, {
    onSnapshot: (snapshot) => {
      if (isTaken || snapshot.connected) handlers.onSnapshot(snapshot)
    },
    onEvent: handlers.onEvent,
  })
  const { connected, reason } = await source.first
  if (connected) {
    isTaken = true
    return { source }
  }
  source.stop()
  return { reason }
}

/** @throws PlimsollError PLM_PROC: there is no agent, and /proc cannot be read */
export async function openSource(wish: SourceWish, handlers: SourceHandlers): Promise<WatchSource> {
  if (wish.own) return openOwnSource(wish.intervalMs, '--own was given', handlers)
  // A named agent may still come: its link goes on trying, and the snapshots say so.
  if (wish.socketPath !== null) return openAgentSource(wish.socketPath, handlers)
  const reasons: string[] = []
  for (const path of guardSocketPaths(wish.owner)) {
    const stranger = strangerAt(dirname(path))
    if (stranger !== undefined) {
      reasons.push(`${dirname(path)} belongs to user ${stranger}, who is asked nothing`)
      continue
    }
    const tried = await tryAgent(path, handlers)
    if ('source' in tried) return tried.source
    reasons.push(tried.reason)
  }
  // The system's agent is told of first, unless there is one that refused.
  const reason = reasons.find((text) => !text.startsWith('no guard')) ?? reasons[0] ?? ''
  return openOwnSource(wish.intervalMs, reason, handlers)
}
