import assert from 'node:assert/strict'
import { test } from 'node:test'
import { explainExit, runTool } from './run-tool.ts'

test('the first error as apt marks it, else the last line, bounded', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', ''],
    ['W: a\nE: Unable to  locate package x\nE: b\n\n', 'Unable to locate package x'],
    ['one\ntwo\n\n', 'two'],
    ['x'.repeat(5000), 'x'.repeat(600)],
  ]
  for (const [stderr, reason] of cases) assert.equal(explainExit(stderr), reason)
})

test('output of a program that ends well, reason of one that does not', async () => {
  const good = await runTool(process.execPath, ['-e', 'process.stdout.write("a b")'])
  assert.deepEqual(good, { ok: true, stdout: Buffer.from('a b') })
  const bad = await runTool(process.execPath, ['-e', 'console.error("E: no"); process.exit(3)'])
  assert.deepEqual(bad, { ok: false, reason: 'no' })
  const none = await runTool('/nowhere/program', [])
  assert.ok(!none.ok && none.reason.includes('ENOENT'))
})

test('a signal ends the program', async () => {
  const stop = new AbortController()
  const run = runTool(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], stop)
  stop.abort(new Error('enough'))
  await assert.rejects(run, /enough/)
  await assert.rejects(runTool(process.execPath, ['-v'], stop), /enough/)
})
