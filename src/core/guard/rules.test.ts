import assert from 'node:assert/strict'
import { test } from 'node:test'
import { candidateFixture } from './host.fixture.ts'
import type { Rule } from './rules.ts'
import { lintRules, matchesGlob, matchesRule, parseRule } from './rules.ts'

function rule(text: string): Rule {
  const parsed = parseRule(text)
  assert.ok(parsed.ok, text)
  return parsed.value
}

const candidate = candidateFixture('java', {
  unit: 'app-web.service',
  cgroup: '/system.slice/app-web.service',
  uid: 1000,
  exe: '/opt/jdk/bin/java',
})

for (const [text, expected] of [
  ['unit=app-web.service', true],
  ['unit=app-*.service', true],
  ['unit=app', false],
  ['cgroup=/system.slice/*', true],
  ['uid=1000', true],
  ['uid=100', false],
  ['exe=*/java', true],
  ['name=java and uid=1000', true],
  ['name=java and uid=0', false],
] as const) {
  test(`${text} ${expected ? 'matches' : 'does not match'}`, () => {
    assert.equal(matchesRule(rule(text), candidate), expected)
  })
}

test('what is not known matches nothing', () => {
  assert.equal(matchesRule(rule('exe=*/java'), { ...candidate, exe: null }), false)
})

for (const text of [
  '',
  'java',
  'pid=1',
  'name=',
  'name=*',
  'uid=1 and **',
  'name=a or uid=1 and x',
]) {
  test(`${JSON.stringify(text)} is no rule`, () => {
    assert.equal(parseRule(text).ok, false)
  })
}

for (const [glob, text, expected] of [
  ['a*b*c', 'abc', true],
  ['a*b*c', 'a-b-b-c', true],
  ['a*b*c', 'ac', false],
  ['ab*ba', 'aba', false],
  ['*', '', true],
  ['a**b', 'ab', true],
  ['*a*', 'bbb', false],
] as const) {
  test(`${glob} ${expected ? 'is' : 'is not'} ${text}`, () => {
    assert.equal(matchesGlob(glob, text), expected)
  })
}

test('rules without effect are named', () => {
  const rules = {
    protect: [rule('unit=app-web.service'), rule('unit=gone.service')],
    prefer: [rule('name=java')],
    avoid: [rule('name=perl')],
  }
  const perl = candidateFixture('perl', { pid: 5 })
  assert.deepEqual(lintRules(rules, [candidate, perl]), [
    { list: 'protect', rule: 'unit=gone.service', why: 'it matches no process now' },
    { list: 'prefer', rule: 'name=java', why: 'all that it matches is protected' },
  ])
})
