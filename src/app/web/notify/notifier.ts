/** @module Looks after each tick which leaks are to be told, and has them delivered. */
import { formatDuration } from '../../../base/format.ts'
import { explainReason, explainVerdict } from '../../../core/leak/explain.ts'
import { subjectOf } from '../../../core/wire/event-subject.ts'
import { membersOf } from '../../../core/wire/members.ts'
import type { Event, EventSubject, SubjectId, SubjectRow } from '../../../core/wire/records.ts'
import { commandChannel } from '../../../io/notify/command.ts'
import type { ChannelCounts, DeliveryOptions } from '../../../io/notify/deliver.ts'
import { createDelivery } from '../../../io/notify/deliver.ts'
import { journalChannel } from '../../../io/notify/journal.ts'
import type { Notification } from '../../../io/notify/records.ts'
import { webhookChannel } from '../../../io/notify/webhook.ts'
import type { History } from '../history.ts'
import type { Change, Told } from './standing.ts'
import { findChanges, toldOf } from './standing.ts'

export interface NotifySettings {
  /** To standard error, where systemd's journal takes it. */
  readonly journal: boolean
  readonly webhooks: readonly { readonly url: string }[]
  /** Program and arguments; `null`: none. */
  readonly command: readonly string[] | null
}

export interface Notifier {
  readonly counts: readonly ChannelCounts[]
  /** Looks at all that is known, after a whole tick. */
  look(rows: ReadonlyMap<SubjectId, SubjectRow>): void
  stop(): Promise<void>
}

export interface NotifierOptions extends Pick<DeliveryOptions, 'onTrouble'> {
  readonly settings: NotifySettings
  readonly version: string
  readonly hostName: string
  /** Of the dashboard: scheme, name and port. */
  readonly url: string
  readonly history: History
  readonly nowMs: () => number
  readonly makeEvent: (what: Pick<Event, 'kind' | 'subject' | 'reason' | 'data'>) => Event
}

/** systemd says so to what it starts (systemd.exec(5)); elsewhere nobody reads the lines. */
function hasJournal(): boolean {
  return process.env.JOURNAL_STREAM !== undefined
}

/** Of the time in which the agent is stopped. */
const STOP_WITHIN_MS = 2_000

/** What an older process wrote; anything else is no leak that was told. */
function parseTold(text: string): Told | undefined {
  try {
    const told = JSON.parse(text) as Told
    return typeof told.name === 'string' && typeof told.wallMs === 'number' ? told : undefined
  } catch {
    return undefined
  }
}

function readTold(history: History): Map<SubjectId, Told> {
  const entries = [...history.readAllNotified()].map(([id, text]) => [id, parseTold(text)] as const)
  return new Map(entries.flatMap(([id, told]) => (told === undefined ? [] : [[id, told]])))
}

/** Whom an event is about that is gone: what its notification said of it. */
function goneSubject(id: SubjectId, { kind, name, pid }: Told): EventSubject {
  const startTicks = kind === 'process' ? Number(id.split(':')[2]) : Number.NaN
  return {
    id,
    pid,
    startTicks: Number.isNaN(startTicks) ? null : startTicks,
    comm: kind === 'process' ? name : null,
    cgroup: null,
    unit: null,
    container: null,
  }
}

/** A service of one process is told by that: it is what a person looks for. */
function leakingSubject(row: SubjectRow, rows: Iterable<SubjectRow>): EventSubject {
  const subject = subjectOf(row)
  const [only, ...others] = row.kind === 'service' ? membersOf(rows, row) : []
  if (only === undefined || others.length > 0) return subject
  return { ...subject, pid: only.pid, startTicks: only.startTicks }
}

function overReason(told: Told, row: SubjectRow | undefined, nowMs: number): string {
  const name = told.pid === null ? told.name : `${told.name} ${told.pid}`
  const why =
    row === undefined ? explainReason('ended') : explainReason(row.verdict.reason, row.limit)
  return `${name} leaks no more, after ${formatDuration((nowMs - told.wallMs) / 1000)}: ${why}`
}

export function createNotifier(options: NotifierOptions): Notifier {
  const { settings, history, nowMs, makeEvent, onTrouble } = options
  const channels = [
    ...(settings.journal && hasJournal() ? [journalChannel()] : []),
    ...settings.webhooks.map(({ url }) => webhookChannel(url, options.version)),
    ...(settings.command === null ? [] : [commandChannel(settings.command)]),
  ]
  const deliveries = channels.map((channel) => createDelivery(channel, { onTrouble }))
  const told = readTold(history)
  const calmSinceMs = new Map<SubjectId, number>()

  function remember(id: SubjectId, row: SubjectRow, wallMs: number): void {
    const entry = toldOf(row, wallMs)
    told.set(id, entry)
    history.setNotified(id, JSON.stringify(entry))
  }

  function forget(id: SubjectId): void {
    told.delete(id)
    history.setNotified(id, undefined)
  }

  function send(told: Pick<Notification, 'event' | 'what' | 'name' | 'limit'>): void {
    const url = `${options.url}/subjects/${encodeURIComponent(told.event.subject?.id ?? '')}`
    const notification = { ...told, hostName: options.hostName, url }
    for (const delivery of deliveries) delivery.send(notification)
  }

  function apply(change: Change, rows: ReadonlyMap<SubjectId, SubjectRow>): void {
    if (change.what === 'begun') {
      const { row } = change
      remember(row.id, row, nowMs())
      const event = makeEvent({
        kind: 'verdict',
        subject: leakingSubject(row, rows.values()),
        reason: explainVerdict(row.verdict, row),
        data: { what: 'leak', verdict: row.verdict },
      })
      send({ event, what: 'begun', name: row.name, limit: row.limit })
      return
    }
    const earlier = told.get(change.id)
    forget(change.id)
    if (change.what === 'moved') remember(change.row.id, change.row, earlier?.wallMs ?? nowMs())
    if (change.what !== 'over') return
    const { id, row } = change
    const event = makeEvent({
      kind: 'verdict',
      subject:
        row === undefined ? goneSubject(id, change.told) : leakingSubject(row, rows.values()),
      reason: overReason(change.told, row, nowMs()),
      data: { what: 'leak-over', verdict: row?.verdict ?? null },
    })
    send({ event, what: 'over', name: change.told.name, limit: row?.limit ?? null })
  }

  return {
    counts: deliveries.map(({ counts }) => counts),
    look(rows) {
      if (deliveries.length === 0) return
      const marks = history.readMarks(nowMs())
      const changes = findChanges({ rows, marks, told, calmSinceMs, nowMs: nowMs() })
      for (const change of changes) apply(change, rows)
    },
    async stop() {
      await Promise.all(deliveries.map((delivery) => delivery.stop(STOP_WITHIN_MS)))
    },
  }
}
