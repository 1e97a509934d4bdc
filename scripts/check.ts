/** @module Static checks: types, lint and format. The import rule is a unit test. */
import { spawnSync } from 'node:child_process'

const CHECKS: readonly (readonly [program: string, ...args: string[]])[] = [
  ['tsc', '--noEmit'],
  ['biome', 'ci', '--error-on-warnings', '.'],
]
for (const [program, ...args] of CHECKS) {
  const { status } = spawnSync(program, args, { stdio: 'inherit' })
  if (status !== 0) {
    console.error(`check failed: ${program} ${args.join(' ')}`)
    process.exitCode = 1
  }
}
