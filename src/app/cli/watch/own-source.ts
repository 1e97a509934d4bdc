/** @module Samples this host without an agent: verdicts need some ticks, and nothing is remembered. */
import type { SubjectId, SubjectRow } from '../../../core/wire/records.ts'
import { readBootMs, readHostIdentity } from '../../../linux/identity.ts'
import { openSampler } from '../../../linux/sampler.ts'
import { createEventMaker } from '../../monitor/events.ts'
import { MONITOR_DEFAULTS, openMonitor } from '../../monitor/monitor.ts'
import type { SourceHandlers, WatchSource } from './source.ts'
import { isThere } from './source.ts'

/**
 * Begins to sample; the first snapshot comes before it returns.
 * @param reason why there is no agent
 * @throws PlimsollError PLM_PROC: /proc cannot be read
 */
export function openOwnSource(
  intervalMs: number,
  reason: string,
  handlers: SourceHandlers,
): WatchSource {
  const sampler = openSampler()
  const monitor = openMonitor(sampler, MONITOR_DEFAULTS)
  const identity = readHostIdentity()
  const makeEvent = createEventMaker(identity)
  const rows = new Map<SubjectId, SubjectRow>()
  const sinceWallMs = Date.now()
  const about = {
    from: 'own' as const,
    reason,
    guardPid: null,
    hostName: identity.hostName,
    privileged: process.geteuid?.() === 0,
    intervalMs,
    sinceWallMs,
  }
  let ticks = 0

  function tick(): void {
    const bootMs = readBootMs()
    const wallMs = Date.now()
    const change = monitor.tick(bootMs, wallMs)
    const missing = monitor.missing()
    if (change === undefined) {
      const host = { what: 'memory of the host', why: '/proc/meminfo cannot be read' }
      handlers.onSnapshot({
        ...about,
        connected: false,
        ticks,
        host: null,
        rows: [...rows.values()].filter(isThere),
        missing: [host, ...missing],
      })
      return
    }
    ticks++
    for (const row of change.rows) rows.set(row.id, row)
    for (const id of change.gone) rows.delete(id)
    for (const happening of change.happenings) {
      handlers.onEvent(makeEvent(happening, bootMs, wallMs))
    }
    handlers.onSnapshot({
      ...about,
      connected: true,
      ticks,
      host: change.host,
      rows: [...rows.values()].filter(isThere),
      missing,
    })
  }

  tick()
  const timer = setInterval(tick, intervalMs)
  return {
    inspect: (id) => monitor.requestFull(id),
    stop() {
      clearInterval(timer)
      sampler.close()
    },
  }
}
