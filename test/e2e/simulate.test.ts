import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { writeTrees } from '../../scripts/doctor-trees.ts'

let directory = ''
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'plimsoll-simulate-'))
  writeTrees(join(directory, 'hosts'))
})
after(() => rmSync(directory, { recursive: true, force: true }))

interface Run {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Of the document, what is asked for here. */
interface Document {
  readonly schema: string
  readonly from: Readonly<Record<string, string>>
  readonly outcome: { readonly longestStallMs: number }
}

function simulate(...args: readonly string[]): Promise<Run> {
  return new Promise((resolve) => {
    const command = ['dist/cli.cjs', 'simulate', ...args]
    execFile(process.execPath, command, { timeout: 30_000 }, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error ? -1 : 0
      resolve({ code, stdout, stderr })
    })
  })
}

test('the incident, a sentence first', async () => {
  const { code, stdout, stderr } = await simulate('--incident')
  assert.deepEqual([code, stderr], [0, ''])
  assert.match(stdout, /^Who needs memory stands still for up to 12\.\d s: 1 leaking process/)
  assert.match(stdout, /\nkernel\.printk = 5 7 1 7 +0\.\d\d s +header, kill line +/)
})

test('a saved host is where it starts, and options change one figure each', async () => {
  const root = join(directory, 'hosts/bare-metal')
  const own = await simulate('--root', root, '--json')
  const document = JSON.parse(own.stdout) as Document
  assert.equal(document.schema, 'plimsoll.simulate/1')
  assert.equal(document.from.consoles, 'host')
  assert.equal(document.from.release, 'host')
  const asked = await simulate('--root', root, '--baud', '115200', '--json')
  const other = JSON.parse(asked.stdout) as Document
  assert.deepEqual([other.from.consoles, other.from.release], ['asked', 'host'])
  assert.ok(other.outcome.longestStallMs < document.outcome.longestStallMs)
})

test('this host is read without an error, whatever it is', async () => {
  const { code, stdout } = await simulate('--json')
  assert.equal(code, 0)
  assert.equal((JSON.parse(stdout) as Document).from.tasks, 'host')
})

for (const [args, message] of [
  [['--root', '/nowhere'], '--root: there is no /nowhere'],
  [['--tasks', 'many'], '--tasks: expected a whole number from 0 to 100000, got "many"'],
] as const) {
  test(`what is refused: ${args.join(' ')}`, async () => {
    const { code, stdout, stderr } = await simulate(...args)
    assert.deepEqual([code, stdout], [2, ''])
    assert.ok(stderr.includes(message), stderr)
  })
}
