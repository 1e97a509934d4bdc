/** @module Builds the lab's programs in C: static, once for each version of the source. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { basename, join } from 'node:path'
import { PlimsollError } from '../../src/base/errors.ts'
import { labCache } from '../archive/cache.ts'
import { requireTool } from '../archive/tools.ts'
import { PACKAGE_ROOT } from '../package-root.ts'

/**
 * Path of the built program.
 * @param path of the source, below the package's root
 * @throws PLM_LAB_TOOL without a compiler, PLM_LAB where it refuses
 */
export function buildProgram(path: string): string {
  const name = basename(path, '.c')
  const source = join(PACKAGE_ROOT, path)
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16)
  const cache = join(labCache(), 'guest')
  const built = join(cache, `${name}-${hash}`)
  if (existsSync(built)) return built
  mkdirSync(cache, { recursive: true })
  const half = `${built}.${process.pid}`
  const flags = ['-static', '-O1', '-Wall', '-Wextra', '-s', '-o', half, source]
  const { status, stderr } = spawnSync(requireTool('gcc'), flags, { encoding: 'utf8' })
  if (status !== 0) {
    throw new PlimsollError('PLM_LAB', `gcc could not build ${name}.c: ${stderr}`, {
      hint: 'It needs the static C library: `apt-get install libc6-dev`.',
    })
  }
  renameSync(half, built)
  return built
}

/** One that runs inside guests; see buildProgram. */
export function buildGuestProgram(name: string): string {
  return buildProgram(`lab/guest/${name}.c`)
}
