import assert from 'node:assert/strict'
import { test } from 'node:test'
import { errorOfStart, parseFault } from './fault.ts'

for (const [line, fault] of [
  ['<3>{"code":"PLM_PROC","message":"m"}', { code: 'PLM_PROC', message: 'm', hint: undefined }],
  ['<6>{"code":"PLM_STARTED","message":"m"}', undefined],
  ['{"level":"info","code":"PLM_SOCKET","message":"m"}', undefined],
  [
    '{"level":"warn","code":"PLM_HISTORY","message":"m","hint":"h"}',
    { code: 'PLM_HISTORY', message: 'm', hint: 'h' },
  ],
  ['', undefined],
  [
    '    at run (a.js:1)',
    { code: 'PLM_INTERNAL', message: '    at run (a.js:1)', hint: undefined },
  ],
] as const) {
  test(`the line ${JSON.stringify(line)}`, () => assert.deepEqual(parseFault(line), fault))
}

test('a known code keeps its exit code and hint; anything else is a bug', () => {
  const known = errorOfStart('the guard', 'exit code 69', {
    code: 'PLM_PORT',
    message: '127.0.0.1:1 is taken',
    hint: undefined,
  })
  assert.equal('code' in known && known.code, 'PLM_PORT')
  for (const code of ['PLM_INTERNAL', 'constructor']) {
    const unknown = errorOfStart('the guard', 'SIGSEGV', { code, message: 'm', hint: undefined })
    assert.equal('code' in unknown, false)
    assert.match(unknown.message, /the guard ended at its start, SIGSEGV: m/)
  }
  assert.match(errorOfStart('the guard', 'SIGKILL', undefined).message, /its start: SIGKILL/)
})
