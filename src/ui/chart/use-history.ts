/** @module What was recorded of the shown part of time, asked for when that changes and now and then. */
import { useEffect, useState } from 'preact/hooks'
import type { Result } from '../../base/result.ts'
import { connection, live } from '../store/connection.ts'
import type { RequestFailure, Span } from '../store/request.ts'
import type { TimeRange } from './time-range.ts'
import { boundsOf } from './time-range.ts'

const POINTS = 900
/** Live points fill the right end meanwhile. */
const MIN_REFRESH_MS = 10_000
const MAX_REFRESH_MS = 120_000

export interface Recorded<Document> {
  /** Of the part asked for before, until the new one has come; `null`: none yet. */
  readonly document: Document | null
  readonly failure: RequestFailure | null
  readonly isLoading: boolean
}

/** How often a view that follows the present is read anew: about with each point of it. */
export function refreshMs(lengthMs: number): number {
  return Math.min(MAX_REFRESH_MS, Math.max(MIN_REFRESH_MS, lengthMs / POINTS))
}

/** @param key what is asked for; with the range it says whether an answer is still wanted */
export function useHistory<Document>(
  key: string,
  range: TimeRange,
  load: (span: Span) => Promise<Result<Document, RequestFailure>>,
): Recorded<Document> {
  const wanted = `${key} ${range.kind === 'last' ? range.key : `${range.fromMs} ${range.toMs}`}`
  const [recorded, setRecorded] = useState({
    of: '',
    key,
    document: null as Document | null,
    failure: null as RequestFailure | null,
  })
  const isConnected = connection.value.kind === 'live'
  useEffect(() => {
    if (!isConnected) return undefined
    let isWanted = true
    const ask = async (): Promise<void> => {
      const { fromMs, toMs } = boundsOf(range, live.host?.wallMs ?? Date.now())
      const answer = await load({ fromMs, toMs, points: POINTS })
      if (!isWanted) return
      setRecorded((last) => ({
        of: wanted,
        key,
        document: answer.ok ? answer.value : last.key === key ? last.document : null,
        failure: answer.ok ? null : answer.error,
      }))
    }
    void ask()
    const timer =
      range.kind === 'last' ? setInterval(() => void ask(), refreshMs(range.lengthMs)) : undefined
    return () => {
      isWanted = false
      clearInterval(timer)
    }
  }, [wanted, isConnected])
  return {
    document: recorded.key === key ? recorded.document : null,
    failure: recorded.of === wanted ? recorded.failure : null,
    isLoading: recorded.of !== wanted,
  }
}
