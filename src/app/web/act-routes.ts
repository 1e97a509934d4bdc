/** @module The routes of the API that change something: marks, and what is put on the timeline. */
import type { Hono } from 'hono'
import { subjectOf } from '../../core/wire/event-subject.ts'
import type { Event, Mark, SubjectRow } from '../../core/wire/records.ts'
import { subjectDocument } from './documents.ts'
import { refuse } from './failure.ts'
import { parseDeployRequest, parseMarkRequest, parseSubjectId } from './query.ts'
import { cmdlineOf, noSubject } from './read-routes.ts'
import type { Variables, Web } from './web.ts'

export function addActRoutes(api: Hono<{ Variables: Variables }>, web: Web): void {
  const describe = (row: SubjectRow) =>
    subjectDocument(web.guard, web.history, row, cmdlineOf(web, row), web.nowMs())

  api.post('/subjects/:id/mark', async (c) => {
    const row = web.guard.snapshot.rows.get(c.req.param('id'))
    if (row === undefined) return refuse(c, noSubject(c.req.param('id')))
    const request = parseMarkRequest(await c.req.text(), web.nowMs())
    if (!request.ok) return refuse(c, request.error)
    const { mark, comment, untilWallMs } = request.value
    const body: Mark = { subjectId: row.id, mark, comment, untilWallMs, setWallMs: web.nowMs() }
    web.history.setMark(body)
    web.guard.touch()
    web.hub.publish({ type: 'mark', body })
    return c.json(describe(row))
  })

  api.post('/subjects/:id/unmark', (c) => {
    const id = parseSubjectId(c.req.param('id'))
    if (!id.ok) return refuse(c, id.error)
    const row = web.guard.snapshot.rows.get(id.value)
    const marks = web.history.readMarks(web.nowMs())
    const isMarked = marks.some((mark) => mark.subjectId === id.value)
    if (row === undefined && !isMarked) return refuse(c, noSubject(id.value))
    web.history.removeMark(id.value)
    web.guard.touch()
    web.hub.publish({ type: 'unmark', body: { subjectId: id.value } })
    return row === undefined ? c.body(null, 204) : c.json(describe(row))
  })

  api.post('/deploys', async (c) => {
    const request = parseDeployRequest(await c.req.text())
    if (!request.ok) return refuse(c, request.error)
    const { subjectId, comment } = request.value
    const row = subjectId === null ? undefined : web.guard.snapshot.rows.get(subjectId)
    if (subjectId !== null && row === undefined) return refuse(c, noSubject(subjectId))
    const event: Event = web.makeEvent({
      kind: 'lifecycle',
      subject: row === undefined ? null : subjectOf(row),
      reason: comment === '' ? 'deployed' : `deployed: ${comment}`,
      data: { what: 'deploy', comment },
    })
    web.history.recordEvent(event)
    web.hub.publish({ type: 'event', body: event })
    return c.json(event)
  })
}
