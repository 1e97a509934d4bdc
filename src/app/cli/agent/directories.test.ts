import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../../io/config/parse.ts'
import { checkConsoleGuard, checkWebUser } from './directories.ts'

function configOf(user: string) {
  const parsed = parseConfig({ text: `[web]\nuser = "${user}"\n`, file: 'f.toml' })
  assert.ok(parsed.ok, JSON.stringify(parsed))
  return parsed.value
}

for (const [user, uid, message] of [
  [
    'nobody-of-this-name',
    0,
    /^\[web\] user: .* got "nobody-of-this-name": there is none of that name$/,
  ],
  ['root', 0, /: that is root$/],
  ['nobody-of-this-name', 1000, undefined],
] as const) {
  test(`[web] user ${user} for user ${uid}`, () => {
    const check = () => checkWebUser(configOf(user), uid)
    if (message === undefined) assert.doesNotThrow(check)
    else assert.throws(check, { code: 'PLM_CONFIG', message })
  })
}

test('the console guard is for root', () => {
  const parsed = parseConfig({ text: 'console.guard = true', file: 'f.toml' })
  assert.ok(parsed.ok)
  const config = parsed.value
  assert.doesNotThrow(() => checkConsoleGuard(config, 0))
  assert.throws(() => checkConsoleGuard(config, 1000), { code: 'PLM_PERMISSION' })
  assert.doesNotThrow(() => checkConsoleGuard(configOf('nobody'), 1000))
})
