import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eraOf, isReadRelease } from './era.ts'

for (const [release, likeRelease, isExact] of [
  ['5.10.0-46-cloud-amd64', '5.10', true],
  ['5.15.0-91-generic', '5.10', false],
  ['6.1.0-56-cloud-amd64', '6.1', true],
  ['6.6.30', '6.1', false],
  ['6.8.0-31-generic', '6.12', false],
  ['6.12.117+deb12-cloud-amd64', '6.12', true],
  ['6.18.44-fc-v657', '6.12', false],
  ['7.2.13+deb14-cloud-amd64', '7.2', true],
  ['4.19.0-27-amd64', '5.10', false],
  ['custom', '7.2', false],
] as const) {
  test(`kernel ${release} reports like ${likeRelease}`, () => {
    assert.deepEqual(eraOf(release), { likeRelease, isExact })
  })
}

for (const [release, isRead] of [
  ['5.10.0-46-cloud-amd64', true],
  ['6.6.30', true],
  ['7.2.13', true],
  ['7.3.1', false],
  ['9.9', false],
  ['5.9.16', false],
  ['4.19.0-27-amd64', false],
  ['custom', false],
] as const) {
  test(`kernel ${release} was ${isRead ? '' : 'not '}read`, () => {
    assert.equal(isReadRelease(release), isRead)
  })
}
