/** @module Follows a running program with what `watch` runs by itself, until it ends or is ended. */
import type { RunningLeak } from '../../../../../lab/leaks/start.ts'
import type { SubjectRow } from '../../../../core/wire/records.ts'
import { openOwnSource } from '../../watch/own-source.ts'
import type { WatchSource } from '../../watch/source.ts'
import type { Ending } from './lesson.ts'

/** So often that a program that lives for a second is seen at all. */
const EVERY_MS = 250

export interface FollowOptions {
  readonly forMs: number
  readonly signal: AbortSignal
  /** Called at each sample that sees it. */
  readonly onRow: (row: SubjectRow) => void
}

/** How the program ended; it is gone by then. */
export async function followLeak(
  leak: RunningLeak,
  { forMs, signal, onRow }: FollowOptions,
): Promise<Ending> {
  let stopFor: (how: 'asked' | 'time-over') => void = () => {}
  const stopped = new Promise<'asked' | 'time-over'>((resolve) => {
    stopFor = resolve
  })
  const askToEnd = (): void => stopFor('asked')
  signal.addEventListener('abort', askToEnd, { once: true })
  if (signal.aborted) askToEnd()
  const deadline = setTimeout(() => stopFor('time-over'), forMs)
  let source: WatchSource | undefined
  try {
    source = openOwnSource(EVERY_MS, 'for a lesson', {
      onSnapshot: ({ rows }) => {
        const row = rows.find(({ kind, pid }) => kind === 'process' && pid === leak.pid)
        if (row !== undefined) onRow(row)
      },
      onEvent: () => {},
    })
    const how = await Promise.race([stopped, leak.ended.then(() => 'itself' as const)])
    const end = await leak.stop()
    // In a terminal Ctrl-C reaches the program as well, maybe sooner.
    const isAsked = end.signal === 'SIGINT' || end.signal === 'SIGTERM' || end.signal === 'SIGHUP'
    return { how: how === 'itself' && isAsked ? 'asked' : how, ...end }
  } finally {
    source?.stop()
    clearTimeout(deadline)
    signal.removeEventListener('abort', askToEnd)
    await leak.stop()
  }
}
