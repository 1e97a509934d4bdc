/** @module What the tests of the web process watch, and how they act. */
import { rowFixture } from '../../src/core/wire/rows.fixture.ts'

/** A path, a percent sign and a space: all that an address could get wrong. */
export const ODD_ID = 'cgroup:/a b/50%25/c'

export const ROWS = [
  rowFixture('process:4121:777', { name: 'evil"\n\\<b>', levelBytes: 900, unit: 'x.service' }),
  rowFixture('process:4122:778', { name: 'small', levelBytes: 5, serviceId: 'service:x.service' }),
  rowFixture('process:4123:779', { name: 'large', levelBytes: 7, serviceId: 'service:x.service' }),
  rowFixture('service:x.service', { kind: 'service', name: 'x.service', levelBytes: 12 }),
  rowFixture(ODD_ID, { kind: 'cgroup', name: '/a b/50%25/c' }),
]

export const post = (url: string, body: object, headers: Record<string, string> = {}) => ({
  method: 'POST',
  headers: { origin: url, 'content-type': 'application/json', ...headers },
  body: JSON.stringify(body),
})
