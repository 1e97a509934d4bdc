/** @module The routes of the API that read. */
import { dirname } from 'node:path'
import type { Context, Hono } from 'hono'
import { joinOomLogs } from '../../core/oom/join-logs.ts'
import type { EventsDocument, OomsDocument } from '../../core/wire/api.ts'
import type { SubjectRow } from '../../core/wire/records.ts'
import { readCmdline } from '../../linux/cmdline.ts'
import { createConsoleReader } from './console-document.ts'
import {
  historyDocument,
  hostHistoryDocument,
  publicSnapshotDocument,
  sessionDocument,
  snapshotDocument,
  subjectDocument,
} from './documents.ts'
import type { Failure } from './failure.ts'
import { refuse } from './failure.ts'
import { parseEventQuery, parseSpan, parseSubjectId } from './query.ts'
import type { Variables, Web } from './web.ts'

const encoder = new TextEncoder()
const MAX_OOMS = 500

export function noSubject(id: string): Failure {
  return {
    code: 'not-found',
    message: `no subject ${JSON.stringify(id.slice(0, 200))} is there now`,
    hint: 'It may have ended: its history and events may still be there.',
  }
}

export function cmdlineOf(web: Web, row: SubjectRow): readonly string[] | null {
  if (row.kind !== 'process' || row.pid === null || row.startTicks === null) return null
  return readCmdline(web.procRoot, row.pid, row.startTicks)
}

/** The snapshot's JSON, made once for all who ask before it changes. */
function createSnapshotCache(web: Web): (access: 'full' | 'public') => Uint8Array<ArrayBuffer> {
  const cache = {
    full: { version: -1, body: new Uint8Array() },
    public: { version: -1, body: new Uint8Array() },
  }
  return (access) => {
    const entry = cache[access]
    if (entry.version !== web.guard.version) {
      const document =
        access === 'full'
          ? snapshotDocument(web.guard, web.history.readMarks(web.nowMs()))
          : publicSnapshotDocument(web.guard)
      entry.body = encoder.encode(JSON.stringify(document))
      entry.version = web.guard.version
    }
    return entry.body
  }
}

function ask(c: Context): (name: string) => string | undefined {
  return (name) => c.req.query(name)
}

function hasPoints(document: {
  readonly columns: { readonly wallMs: readonly number[] }
}): boolean {
  return document.columns.wallMs.length > 0
}

export function addReadRoutes(api: Hono<{ Variables: Variables }>, web: Web): void {
  const readSnapshot = createSnapshotCache(web)
  const readConsole = createConsoleReader(dirname(web.procRoot), web.nowMs)

  api.get('/session', (c) =>
    c.json(sessionDocument(web.guard, c.get('access'), web.version, web.loginCommand)),
  )

  api.get('/snapshot', (c) => {
    c.header('content-type', 'application/json')
    return c.body(readSnapshot(c.get('access') === 'full' ? 'full' : 'public'))
  })

  api.get('/subjects/:id', (c) => {
    const row = web.guard.snapshot.rows.get(c.req.param('id'))
    if (row === undefined) return refuse(c, noSubject(c.req.param('id')))
    web.guard.inspect(row.id)
    return c.json(subjectDocument(web.guard, web.history, row, cmdlineOf(web, row), web.nowMs()))
  })

  api.get('/subjects/:id/history', (c) => {
    const id = parseSubjectId(c.req.param('id'))
    if (!id.ok) return refuse(c, id.error)
    const span = parseSpan(ask(c), web.nowMs())
    if (!span.ok) return refuse(c, span.error)
    const document = historyDocument(web.history, id.value, span.value)
    const isKnown = web.guard.snapshot.rows.has(id.value) || hasPoints(document)
    return isKnown ? c.json(document) : refuse(c, noSubject(id.value))
  })

  api.get('/host/history', (c) => {
    const span = parseSpan(ask(c), web.nowMs())
    return span.ok ? c.json(hostHistoryDocument(web.history, span.value)) : refuse(c, span.error)
  })

  api.get('/ooms', (c) => {
    const document: OomsDocument = {
      schema: 'plimsoll.ooms/1',
      kernelLog: web.kernelLog(),
      events: web.history.readEvents({ kind: 'oom', limit: MAX_OOMS }),
    }
    return c.json(document)
  })

  api.get('/ooms/log', (c) => {
    const span = parseSpan(ask(c), web.nowMs())
    if (!span.ok) return refuse(c, span.error)
    return c.text(joinOomLogs(web.history.readOomLogs(span.value.fromMs, span.value.toMs)))
  })

  api.get('/events', (c) => {
    const query = parseEventQuery(ask(c))
    if (!query.ok) return refuse(c, query.error)
    const document: EventsDocument = {
      schema: 'plimsoll.events/1',
      events: web.history.readEvents(query.value),
    }
    return c.json(document)
  })

  api.get('/console', (c) => c.json(readConsole()))
}
