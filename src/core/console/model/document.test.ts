import assert from 'node:assert/strict'
import { test } from 'node:test'
import { factsOf } from '../facts.ts'
import { HOSTS, readingOf } from '../hosts.fixture.ts'
import { chooseSetting } from './choose.ts'
import type { ConsoleDocument } from './document.ts'
import { figuresFrom, packReport } from './document.ts'
import { doubtsOf, figuresOf } from './host-figures.ts'
import { simulate } from './simulate.ts'

for (const [name, host] of Object.entries(HOSTS)) {
  test(`what the dashboard gets of a host freezes for as long as the host itself: ${name}`, () => {
    const facts = factsOf(readingOf(host))
    const { report, ...figures } = figuresOf(facts)
    const document: ConsoleDocument = {
      schema: 'plimsoll.console/1',
      readWallMs: 0,
      figures,
      report: report === null ? null : packReport(report),
      doubts: doubtsOf(facts),
    }
    const sent = JSON.parse(JSON.stringify(document)) as ConsoleDocument
    const outcomeOf = (own: Parameters<typeof chooseSetting>[0]) =>
      simulate(chooseSetting(own, { seconds: 60 }).setting)
    const [here, there] = [outcomeOf(figuresOf(facts)), outcomeOf(figuresFrom(sent))]
    assert.equal(there.longestStallMs, here.longestStallMs)
    assert.deepEqual(there.consoles, here.consoles)
    assert.doesNotMatch(JSON.stringify(sent), /sshd|worker-/)
  })
}
