/** @module What all routes share. */
import type { Access, KernelLogState } from '../../core/wire/api.ts'
import type { Event } from '../../core/wire/records.ts'
import type { ChannelCounts } from '../../io/notify/deliver.ts'
import type { History } from './history.ts'
import type { Hub } from './hub.ts'
import type { CookieSettings } from './login.ts'
import type { Sessions } from './sessions.ts'
import type { StaticFiles } from './static-files.ts'
import type { GuardView } from './watch-guard.ts'

/** One running web process. */
export interface Web {
  readonly version: string
  readonly guard: GuardView
  readonly history: History
  /** Whether OOMs are read from the kernel's log; may change to not. */
  readonly kernelLog: () => KernelLogState
  readonly notifyCounts: readonly ChannelCounts[]
  readonly hub: Hub
  readonly sessions: Sessions
  /** As in the session's document. */
  readonly loginCommand: string
  readonly cookie: CookieSettings
  readonly files: StaticFiles
  /** Lower case. */
  readonly allowedHosts: readonly string[]
  /** Whether a visitor without a session sees totals, names and sizes: beyond loopback nobody does. */
  readonly hasPublicView: boolean
  readonly metricsToken: string | null
  readonly procRoot: string
  readonly nowMs: () => number
  /** An event of now. */
  readonly makeEvent: (what: Pick<Event, 'kind' | 'subject' | 'reason' | 'data'>) => Event
  /** A bug that a request met; the request is answered all the same. */
  readonly onBug: (error: unknown) => void
}

/** What is known of a request once it passed the gate. */
export interface Variables {
  access: Access
}
