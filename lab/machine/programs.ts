/** @module Builds the programs that run inside guests: static, once for each version of the source. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { PlimsollError } from '../../src/base/errors.ts'

const SOURCES = join(import.meta.dirname, '../guest')
const CACHE = join(import.meta.dirname, '../../.cache/guest')

/** Path of the built program. @throws PLM_LAB where there is no compiler, or it refuses */
export function buildGuestProgram(name: string): string {
  const source = join(SOURCES, `${name}.c`)
  const hash = createHash('sha256').update(readFileSync(source)).digest('hex').slice(0, 16)
  const built = join(CACHE, `${name}-${hash}`)
  if (existsSync(built)) return built
  mkdirSync(CACHE, { recursive: true })
  const half = `${built}.${process.pid}`
  const flags = ['-static', '-O1', '-Wall', '-Wextra', '-s', '-o', half, source]
  const { status, stderr, error } = spawnSync('gcc', flags, { encoding: 'utf8' })
  if (status !== 0) {
    const why = error === undefined ? stderr : 'gcc is not on PATH (apt-get install gcc libc6-dev)'
    throw new PlimsollError('PLM_LAB', `${name}.c cannot be built: ${why}`)
  }
  renameSync(half, built)
  return built
}
