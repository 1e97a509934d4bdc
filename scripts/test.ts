/**
 * @module All tests in the order of their price: static checks, units, end-to-end, emulated
 * machines, browser. Stops at
 * the first stage that fails. `node scripts/test.ts STAGE...` runs the named stages alone.
 */
import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'

interface Stage {
  readonly name: string
  readonly run: () => boolean
}

/** A test that spins for ever has no other end: several times what a whole stage takes. */
const STAGE_WITHIN_MIN = 15
/** Guests wait for those of other processes, each of which may run many in one turn. */
const LAB_WITHIN_MIN = 90

function run(program: string, args: readonly string[], withinMin = STAGE_WITHIN_MIN): boolean {
  const { status, signal } = spawnSync(program, args, {
    stdio: 'inherit',
    timeout: withinMin * 60_000,
    killSignal: 'SIGKILL',
  })
  if (signal !== null) console.error(`${program} ${args[0] ?? ''} ended by ${signal}`)
  return status === 0
}

function nodeTests(
  patterns: readonly string[],
  isolation: 'none' | 'process',
  withinMin?: number,
): boolean {
  const files = globSync(patterns)
  if (files.length === 0) return true
  // One file at a time where processes are isolated: those tests start real programs, and two
  // cores shared by several would turn their deadlines into luck.
  const flags = [
    `--test-isolation=${isolation}`,
    ...(isolation === 'process' ? ['--test-concurrency=1'] : []),
  ]
  return run('node', ['--test', ...flags, ...files], withinMin)
}

const STAGES: readonly Stage[] = [
  { name: 'static', run: () => run('node', ['scripts/check.ts']) },
  { name: 'unit', run: () => nodeTests(['{src,scripts,lab,bench}/**/*.test.{ts,tsx}'], 'none') },
  { name: 'e2e', run: () => nodeTests(['test/e2e/**/*.test.ts'], 'process') },
  { name: 'lab', run: () => nodeTests(['test/lab/**/*.test.ts'], 'process', LAB_WITHIN_MIN) },
  { name: 'browser', run: () => nodeTests(['test/web/**/*.test.ts'], 'process') },
]

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !STAGES.some((stage) => stage.name === name))
if (unknown.length > 0) {
  console.error(
    `unknown stage ${unknown.join(', ')}; there are ${STAGES.map((s) => s.name).join(', ')}`,
  )
  process.exit(2)
}
for (const stage of STAGES) {
  if (wanted.length > 0 && !wanted.includes(stage.name)) continue
  console.log(`== ${stage.name}`)
  if (!stage.run()) {
    console.error(`stage ${stage.name} failed`)
    process.exit(1)
  }
}
