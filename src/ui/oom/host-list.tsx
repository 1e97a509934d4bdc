/** @module OOMs of this host, newest first; or why none can be seen, and what to do. */
import { useEffect, useMemo, useState } from 'preact/hooks'
import type { KernelLogState, OomsDocument } from '../../core/wire/api.ts'
import { joinEvents } from '../part/event-list.tsx'
import { Ago } from '../part/name.tsx'
import { Failure } from '../part/states.tsx'
import { safeName } from '../say/subject.ts'
import { connection, live, version } from '../store/connection.ts'
import type { RequestFailure } from '../store/request.ts'
import { fetchOoms } from '../store/request.ts'
import { oomPath } from '../store/route.ts'
import type { HostOom } from './host-ooms.ts'
import { groupOoms, sayOom, verdictOf } from './host-ooms.ts'
import { VerdictBadge } from './verdict-badge.tsx'

export interface HostOoms {
  readonly kernelLog: KernelLogState
  readonly ooms: readonly HostOom[]
}

export type HostOomsAnswer =
  | { readonly kind: 'read'; readonly value: HostOoms }
  | { readonly kind: 'failed'; readonly failure: RequestFailure }

/** `null`: not known yet, or who looks has no session. */
export function useHostOoms(): HostOomsAnswer | null {
  void version.value
  const [recorded, setRecorded] = useState<OomsDocument | null>(null)
  const [failure, setFailure] = useState<RequestFailure | null>(null)
  const isConnected = connection.value.kind === 'live'
  useEffect(() => {
    if (!isConnected) return undefined
    let isWanted = true
    void fetchOoms().then((got) => {
      if (!isWanted) return
      setRecorded(got.ok ? got.value : null)
      setFailure(got.ok ? null : got.error)
    })
    return () => {
      isWanted = false
    }
  }, [isConnected])
  const heard = live.events.filter(({ kind }) => kind === 'oom')
  const newest = heard[0]?.id
  return useMemo(() => {
    if (failure !== null) return { kind: 'failed', failure }
    if (recorded === null) return null
    const { kernelLog, events } = recorded
    return { kind: 'read', value: { kernelLog, ooms: groupOoms(joinEvents(events, heard)) } }
  }, [recorded, failure, newest, heard.length])
}

function Unread({ kernelLog: { path, isRead, reason, hint } }: Pick<HostOoms, 'kernelLog'>) {
  if (isRead || path === null) return null
  return (
    <p class="oom-unread">
      <span aria-hidden="true">△</span> An OOM of this host would not be seen: {safeName(reason)}.{' '}
      {safeName(hint)}
    </p>
  )
}

function Row({ oom }: { readonly oom: HostOom }) {
  return (
    <li>
      <a href={oomPath(oom.first.id)}>
        <span class="when">
          <Ago wallMs={oom.toMs} />
        </span>
        <VerdictBadge verdict={verdictOf(oom.first)} />
        <span class="what whole">{safeName(sayOom(oom))}</span>
      </a>
    </li>
  )
}

export function HostList({ answer }: { readonly answer: HostOomsAnswer }) {
  if (answer.kind === 'failed') return <Failure failure={answer.failure} what="This host's OOMs" />
  const { kernelLog, ooms } = answer.value
  return (
    <section class="panel" aria-labelledby="host-ooms-title">
      <div class="panel-head">
        <h2 id="host-ooms-title">On this host</h2>
        <small>
          {kernelLog.isRead ? `from ${kernelLog.path}` : ''}
          {ooms.length > 1 ? ', newest first' : ''}
        </small>
      </div>
      <Unread kernelLog={kernelLog} />
      {ooms.length > 0 ? (
        <ol class="oom-reports oom-host">
          {ooms.map((oom) => (
            <Row key={oom.first.id} oom={oom} />
          ))}
        </ol>
      ) : kernelLog.isRead ? (
        <p class="note">
          The kernel's log has none since it was last overwritten or the machine booted. One that
          happens now will stand here, also where it kills the agent itself.
        </p>
      ) : null}
    </section>
  )
}
