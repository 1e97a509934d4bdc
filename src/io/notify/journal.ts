/**
 * @module To the system log: one line on standard error, which systemd's journal takes with the
 * priority that stands before it (sd-daemon(3)). Its own socket would take fields too, but it is a
 * datagram socket of the file system, which Node cannot open.
 */
import { writeSync } from 'node:fs'
import type { Channel, Notification } from './records.ts'
import { DeliveryError } from './records.ts'

/** syslog(3): a leak is a warning, its end a notice. */
const PRIORITY = { begun: 4, over: 5 } as const

export function formatJournalLine(notification: Notification): string {
  const { event, what, name } = notification
  const { subject, reason: message } = event
  const line = JSON.stringify({
    time: new Date(event.wallMs).toISOString(),
    code: what === 'begun' ? 'PLM_LEAK' : 'PLM_LEAK_OVER',
    message,
    name,
    subjectId: subject?.id ?? null,
    pid: subject?.pid ?? null,
    unit: subject?.unit ?? null,
    container: subject?.container ?? null,
    eventId: event.id,
  })
  return `<${PRIORITY[what]}>${line}\n`
}

const JOURNAL_LINE = /^<[45]>\{"time":"[^"]*","code":"PLM_LEAK(_OVER)?",/

/** Whether a line of a child's standard error is one of these, to be passed on as it is. */
export function isJournalLine(line: string): boolean {
  return JOURNAL_LINE.test(line)
}

export function journalChannel(): Channel {
  return {
    name: 'journal',
    tries: 3,
    atOnce: 1,
    async deliver(notification) {
      try {
        writeSync(2, formatJournalLine(notification))
      } catch (error) {
        throw new DeliveryError(`standard error: ${String(error)}`, true)
      }
    },
  }
}
