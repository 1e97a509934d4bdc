import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { explainReport } from '../../../core/oom/explain.ts'
import { readReports } from '../../../core/oom/read.ts'
import { renderTicket } from './markdown.ts'

const LOGS = join(import.meta.dirname, '../../../../lab/scenarios/logs')
const LOG = readFileSync(join(LOGS, '5.10-cgroup-group.log'), 'utf8')

function ticketOf(comm: string): string {
  const [report] = readReports(LOG.replaceAll('leaker', () => comm))
  assert.ok(report)
  return renderTicket(explainReport(report), 'kern.log', []).join('\n')
}

/** Without code spans (spec.commonmark.org/0.31.2, 6.1): an escaped backtick opens none. */
function outsideOfCode(markdown: string): string {
  return markdown.replace(/\\.|(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)/g, (part) =>
    part.startsWith('\\') ? part : '',
  )
}

for (const comm of [
  'www.evil.com',
  'WWW.evil.com',
  'http://a.bc',
  'a@b.cd',
  '@name',
  'a @name',
  '#12',
  'x/y#1',
  '`@name',
  '``@a`b``',
  '`a @name `b',
  '\\`@name\\`',
]) {
  test(`a process named ${comm} makes no link and no mention`, () => {
    const ticket = ticketOf(comm)
    assert.ok(ticket.includes('134'), 'it is in the ticket')
    assert.doesNotMatch(outsideOfCode(ticket), /www\.|:\/\/|[@#]\w/i)
  })
}

test('a plain name stands as it is', () => assert.match(ticketOf('leaker'), / leaker /))
