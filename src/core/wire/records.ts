/** @module What goes between guard, web, API and dashboard, as plain data. */
import type { ConsoleState } from '../console/records.ts'
import type { Verdict } from '../leak/records.ts'
import type { HostRow, Missing } from '../procfs/records.ts'

export const SUBJECT_KINDS = [
  'process',
  'service',
  'cgroup',
  'tmpfs',
  'shm',
  'slab',
  'kernel',
] as const
export type SubjectKind = (typeof SUBJECT_KINDS)[number]

/**
 * `process:PID:STARTTICKS`, `service:nginx.service`, `cgroup:/a/b`, `tmpfs:/run`, `slab:dentry`,
 * `kernel:vmalloc`. Opaque to readers; percent-encode it in a URL.
 */
export type SubjectId = string

/** What bounds a subject's growth; the tightest of those that apply. */
export interface LimitRow {
  readonly kind: 'host' | 'cgroup' | 'rlimit-as' | 'rlimit-data' | 'heap-option' | 'own-size'
  /** Free below the limit at the last sample. */
  readonly headroomBytes: number
}

/** One thing that holds memory, as of the last sample. `null`: could not be read. */
export interface SubjectRow {
  readonly id: SubjectId
  readonly kind: SubjectKind
  /** comm (of an interpreter with its script), unit, path, cache. Untrusted text. */
  readonly name: string
  readonly pid: number | null
  readonly startTicks: number | null
  readonly uid: number | null
  /** The service that a process belongs to. */
  readonly serviceId: SubjectId | null
  readonly cgroup: string | null
  readonly unit: string | null
  /** Container or pod by the name that its runtime gives, else its short id. */
  readonly container: string | null
  /** Of a service: how many processes it has now. */
  readonly processes: number | null
  /** What is judged: anon + shmem + swap of a process or service, usage of anything else. */
  readonly levelBytes: number
  readonly anonBytes: number | null
  readonly fileBytes: number | null
  readonly shmemBytes: number | null
  readonly swapBytes: number | null
  readonly threads: number | null
  readonly fds: number | null
  readonly limit: LimitRow | null
  readonly verdict: Verdict
}

export const EVENT_KINDS = [
  'verdict',
  'pressure',
  'decision',
  'action',
  'scene',
  'kmsg',
  'oom',
  'console',
  'config',
  'lifecycle',
] as const
export type EventKind = (typeof EVENT_KINDS)[number]

export interface EventSubject {
  readonly id: SubjectId
  readonly pid: number | null
  readonly startTicks: number | null
  readonly comm: string | null
  readonly cgroup: string | null
  readonly unit: string | null
  readonly container: string | null
}

/** One type for history, server-sent events, webhooks, recorder and incidents. */
export interface Event {
  /** `BOOTID8-SEQ`: unique on a host, ordered within a boot. */
  readonly id: string
  readonly hostId: string
  readonly bootId: string
  readonly bootMs: number
  readonly wallMs: number
  readonly kind: EventKind
  readonly subject: EventSubject | null
  /** One sentence for people. */
  readonly reason: string
  /** By kind: `verdict`: {from, to, verdict}; `lifecycle`: {what: 'restart' | 'agent-start' | ...}. */
  readonly data: Readonly<Record<string, unknown>>
}

/** Guard to web. Frames: u32 length (little endian, of type and body), u8 type, JSON; 64 KiB at most. */
export type GuardMessage =
  | { readonly type: 'hello'; readonly body: HelloBody }
  | { readonly type: 'sample'; readonly body: SampleBody }
  | { readonly type: 'event'; readonly body: Event }
  | { readonly type: 'state'; readonly body: StateBody }

export interface HelloBody {
  readonly protocol: 1
  readonly version: string
  readonly pid: number
  readonly hostId: string
  readonly bootId: string
  readonly hostName: string
  readonly intervalMs: number
  readonly privileged: boolean
}

/** One tick, in as many frames as it takes. The first after a subscribe holds every subject. */
export interface SampleBody {
  readonly tick: number
  readonly part: number
  readonly parts: number
  /** Whether this tick lists every subject (then those not listed are gone) or only the changed. */
  readonly full: boolean
  /** In part 0 only. */
  readonly host: HostRow | null
  readonly rows: readonly SubjectRow[]
  readonly gone: readonly SubjectId[]
}

/** The guard's own state, every 10 s and when it changes. */
export interface StateBody {
  readonly startedWallMs: number
  readonly rssBytes: number
  readonly cpuSec: number
  readonly series: number
  readonly seriesDropped: number
  readonly framesDropped: number
  readonly resumedSeries: number
  readonly missing: readonly Missing[]
  /** The adaptive console; `null`: it is off. */
  readonly console: ConsoleState | null
  /** Count by error code of what was contained. */
  readonly errors: Readonly<Record<string, number>>
}

/** Web to guard: nothing else, never kill, console or sysctl. */
export type WebMessage =
  | { readonly type: 'subscribe'; readonly body: SubscribeBody }
  | { readonly type: 'inspect'; readonly body: { readonly id: SubjectId } }
  /** Of an event that was stored, and of all before it. */
  | { readonly type: 'acknowledge'; readonly body: { readonly eventId: string } }

export interface SubscribeBody {
  readonly protocol: 1
  /** Whether this reader stores events: then it is told those, too, that nobody acknowledged. */
  readonly keepsEvents: boolean
}

/** A suspect that its owner judged: shown, but no longer notified. */
export interface Mark {
  readonly subjectId: SubjectId
  readonly mark: 'expected' | 'muted'
  readonly comment: string
  /** `null`: until taken back. */
  readonly untilWallMs: number | null
  readonly setWallMs: number
}

/** One resolution step of a subject's history, columns of equal length, oldest first. */
export interface HistoryColumns {
  readonly wallMs: readonly number[]
  readonly levelBytes: readonly (number | null)[]
  readonly anonBytes: readonly (number | null)[]
  readonly fileBytes: readonly (number | null)[]
  readonly shmemBytes: readonly (number | null)[]
  readonly swapBytes: readonly (number | null)[]
  readonly threads: readonly (number | null)[]
  readonly fds: readonly (number | null)[]
}

export interface HostHistoryColumns {
  readonly wallMs: readonly number[]
  readonly anonBytes: readonly number[]
  readonly fileBytes: readonly number[]
  readonly shmemBytes: readonly number[]
  readonly slabBytes: readonly number[]
  readonly kernelBytes: readonly number[]
  readonly hugepagesBytes: readonly number[]
  readonly unaccountedBytes: readonly number[]
  readonly freeBytes: readonly number[]
  readonly swapUsedBytes: readonly number[]
  readonly psiSomeAvg10Pct: readonly (number | null)[]
  readonly psiFullAvg10Pct: readonly (number | null)[]
}
