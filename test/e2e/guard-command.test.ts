/** @module `plimsoll guard` on this machine: the real program, which changes nothing. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { EXIT } from '../../src/base/errors.ts'
import type { Ranked, Spared } from '../../src/core/guard/records.ts'
import { openPlace, runToEnd, startAgent, until } from './agent-run.ts'
import type { Cleanup } from './web-server.ts'

function configFile(context: Cleanup, text: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'plimsoll-guard-'))
  context.after(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'plimsoll.toml')
  writeFileSync(file, text)
  return file
}

/** Holds 64 MiB until the test is over. */
async function startHolder(context: Cleanup): Promise<number> {
  const code =
    'globalThis.held = Buffer.alloc(64 << 20, 1); console.log("holds"); setInterval(() => {}, 1e6)'
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'ignore'] })
  context.after(() => {
    child.kill('SIGKILL')
  })
  await new Promise((resolve) => child.stdout.once('data', resolve))
  return child.pid ?? 0
}

interface Explained {
  readonly schema: string
  readonly sentence: string
  readonly ranking: readonly Ranked[]
  readonly spared: readonly Spared[]
  readonly victim: Ranked | null
  readonly rulesWithoutEffect: readonly { readonly rule: string }[]
}

async function explain(file: string, from: readonly string[] = ['--own']): Promise<Explained> {
  const args = ['guard', '--explain', ...from, '--for', '1s', '--json', '--config', file]
  const { code, stdout, stderr } = await runToEnd(args)
  assert.ok(code === EXIT.ok || code === EXIT.finding, stderr)
  return JSON.parse(stdout)
}

test('--explain ranks who may go, spares who may not, and says why', async (context) => {
  const pid = await startHolder(context)
  const told = await explain(configFile(context, ''))
  assert.equal(told.schema, 'plimsoll.guard-explain/1')
  assert.ok(told.sentence.startsWith('Memory is '))
  const holder = told.ranking.find(({ candidate }) => candidate.pid === pid)
  assert.ok(holder !== undefined && holder.candidate.levelBytes > 64 << 20)
  assert.notEqual(holder.why, '')
  // What started it is above it.
  const above = told.spared.find(({ candidate }) => candidate.pid === process.pid)
  assert.equal(above?.why, 'it is the guard itself, or above it')
})

test("by a running agent's figures, it never goes, and who asks is not taken for it", async (context) => {
  const place = openPlace(context)
  const agent = await startAgent(place)
  const { webPid } = await agent.untilSaid('its web process', (said) => 'webPid' in said)
  const pidFile = join(place.directory, 'run/guard.pid')
  const guardPid = await until('the guard', () =>
    existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) || undefined : undefined,
  )
  const socket = join(place.directory, 'run/guard.sock')
  const { ranking, spared } = await explain(place.config, ['--socket', socket])
  const agents = [guardPid, agent.child.pid]
  assert.ok(!ranking.some(({ candidate }) => agents.includes(candidate.pid)))
  const whyOf = (pid: number | undefined) =>
    spared.find(({ candidate }) => candidate.pid === pid)?.why
  for (const pid of agents) assert.equal(whyOf(pid), 'it is the guard itself, or above it')
  assert.ok(!ranking.some(({ candidate }) => candidate.pid === webPid))
  assert.equal(whyOf(Number(webPid)), "it is the agent's web process")
  // Who asks is below this process, as the agent is, and is neither the one nor the other.
  const all = [...ranking, ...spared].map(({ candidate }) => candidate)
  const others = all.filter(
    ({ name, parentPid }) => parentPid === process.pid && name.endsWith('cli.cjs'),
  )
  assert.deepEqual(
    others.map(({ pid }) => pid),
    [agent.child.pid],
  )
})

test('a rule of the owner protects, and one that matches nothing is named', async (context) => {
  const pid = await startHolder(context)
  const file = configFile(
    context,
    `[guard]\nprotect = ["exe=${process.execPath}", "name=no-such-process"]\n`,
  )
  const told = await explain(file)
  assert.equal(
    told.ranking.some(({ candidate }) => candidate.pid === pid),
    false,
  )
  const spared = told.spared.find(({ candidate }) => candidate.pid === pid)
  assert.equal(spared?.why, `its owner protects exe=${process.execPath}`)
  assert.deepEqual(
    told.rulesWithoutEffect.map(({ rule }) => rule),
    ['name=no-such-process'],
  )
})

test('--verify tells by its exit code whether all is well', async (context) => {
  const file = configFile(context, '[guard]\nprefer = ["name=no-such-process"]\n')
  const { code, stdout } = await runToEnd(['guard', '--verify', '--json', '--config', file])
  assert.equal(code, EXIT.finding)
  const told = JSON.parse(stdout)
  assert.equal(told.schema, 'plimsoll.guard-verify/1')
  const rules = told.checks.find(({ id }: { id: string }) => id === 'rules')
  assert.deepEqual(
    [rules.state, rules.detail],
    ['finding', 'name=no-such-process: it matches no process now'],
  )
  assert.equal(told.checks.filter(({ id }: { id: string }) => id === 'signal').length, 1)
})

test('a rule that is none is refused with its place', async (context) => {
  const file = configFile(context, '[guard]\nprotect = ["postgres"]\n')
  const { code, stderr } = await runToEnd(['guard', '--verify', '--config', file])
  assert.equal(code, EXIT.usage)
  assert.match(stderr, /plimsoll\.toml:2: \[guard\] protect: expected a list of at most 256 rules/)
})

test('without --explain or --verify it says what there is', async () => {
  const { code, stderr } = await runToEnd(['guard'])
  assert.equal(code, EXIT.usage)
  assert.match(stderr, /expected --explain or --verify/)
})
