import assert from 'node:assert/strict'
import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { test } from 'node:test'
import { openLoginFile } from './login-file.ts'
import { openSessionStore } from './session-store.ts'
import type { Sessions } from './sessions.ts'
import { createSessions, SESSION_MS } from './sessions.ts'

function temporaryDirectory(context: TestContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-sessions-'))
  context.after(() => rmSync(directory, { recursive: true }))
  return directory
}

function openSessions(path: string): { sessions: Sessions; tokens: string[] } {
  const tokens: string[] = []
  const sessions = createSessions(
    openSessionStore(path),
    (token) => tokens.push(token),
    (message) => assert.fail(message),
  )
  return { sessions, tokens }
}

test('a token opens one session, which ends in time', (context) => {
  const { sessions, tokens } = openSessions(join(temporaryDirectory(context), 'sessions.json'))
  const [token = ''] = tokens
  assert.ok(token.length >= 43, '256 bits')
  assert.equal(sessions.exchange('', 0), undefined)
  assert.equal(sessions.exchange(`${token} `, 0), undefined)
  const session = sessions.exchange(token, 0)
  assert.ok(session !== undefined && session !== token)
  assert.equal(sessions.exchange(token, 0), undefined)
  assert.equal(tokens.length, 2)
  assert.ok(sessions.isValid(session, SESSION_MS - 1))
  assert.ok(!sessions.isValid(session, SESSION_MS))
  assert.ok(!sessions.isValid(tokens[1], 0))
  assert.ok(!sessions.isValid(undefined, 0))
})

test('sessions are bounded: the oldest gives way', (context) => {
  const { sessions, tokens } = openSessions(join(temporaryDirectory(context), 'sessions.json'))
  const opened = Array.from({ length: 65 }, () => sessions.exchange(tokens.at(-1) ?? '', 0))
  assert.equal(new Set(opened).size, 65)
  assert.ok(!sessions.isValid(opened[0], 1))
  assert.ok(sessions.isValid(opened[1], 1))
  assert.ok(sessions.isValid(opened[64], 1))
})

test('sessions outlive the process, in a file that holds no secret', (context) => {
  const path = join(temporaryDirectory(context), 'state', 'sessions.json')
  const before = openSessions(path)
  const session = before.sessions.exchange(before.tokens[0] ?? '', 0) ?? ''
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.ok(!readFileSync(path, 'utf8').includes(session))
  const after = openSessions(path)
  assert.ok(after.sessions.isValid(session, 1))
  assert.ok(!after.sessions.isValid(before.tokens[0], 1))
})

test('who logs in while the disk is full has a session, until the process ends', () => {
  const said: string[] = []
  const tokens: string[] = []
  const full = {
    load: () => new Map<string, number>(),
    save: () => {
      throw new Error('ENOSPC: no space left on device')
    },
  }
  const sessions = createSessions(
    full,
    (token) => tokens.push(token),
    (message) => said.push(message),
  )
  assert.ok(sessions.isValid(sessions.exchange(tokens[0] ?? '', 0), 1))
  assert.match(said.join('\n'), /^sessions end with this process: .*no space left/)
})

for (const [what, text] of [
  ['torn', '{"ab":1'],
  ['a list', '[1]'],
  ['of other values', '{"ab":"x"}'],
  ['far too long', `{"ab":1}${' '.repeat(65_536)}`],
] as const) {
  test(`a file that is ${what} holds no session, and is written anew`, (context) => {
    const path = join(temporaryDirectory(context), 'sessions.json')
    writeFileSync(path, text)
    const { sessions, tokens } = openSessions(path)
    const session = sessions.exchange(tokens[0] ?? '', 0)
    assert.equal(Object.keys(JSON.parse(readFileSync(path, 'utf8'))).length, 1)
    assert.ok(openSessions(path).sessions.isValid(session, 1))
  })
}

test('a link in place of the file is not followed', (context) => {
  const directory = temporaryDirectory(context)
  const [target, path] = [join(directory, 'target'), join(directory, 'link')]
  writeFileSync(target, 'of somebody else')
  symlinkSync(target, path)
  assert.throws(() => openSessionStore(path), { code: 'PLM_PERMISSION' })
  const file = openLoginFile(path)
  file.write('http://localhost/login?token=a')
  assert.equal(readFileSync(target, 'utf8'), 'of somebody else')
  assert.equal(readFileSync(path, 'utf8'), 'http://localhost/login?token=a\n')
  file.close()
})

test('the login file is ours alone, whatever lay there before', (context) => {
  const path = join(temporaryDirectory(context), 'login')
  writeFileSync(path, 'a much longer text than what comes now, which must not stay')
  chmodSync(path, 0o666)
  const file = openLoginFile(path)
  file.write('short')
  file.write('other')
  assert.equal(statSync(path).mode & 0o777, 0o600)
  assert.equal(readFileSync(path, 'utf8'), 'other\n')
  file.close()
  assert.equal(statSync(path, { throwIfNoEntry: false }), undefined)
})
