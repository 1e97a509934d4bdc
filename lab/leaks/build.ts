/** @module Builds a program once for each version of its source, and tells how to start it. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { PlimsollError } from '../../src/base/errors.ts'
import { MIB } from '../../src/base/units.ts'
import type { LeakProgram } from './catalogue.ts'

const PROGRAMS = join(import.meta.dirname, 'programs')
const CACHE = join(import.meta.dirname, '../../.cache/leaks')

interface Tool {
  readonly program: string
  readonly debianPackage: string
}

const WRAPPERS: readonly Tool[] = [
  { program: 'setpriv', debianPackage: 'util-linux' },
  { program: 'prlimit', debianPackage: 'util-linux' },
]

/** What builds or runs each language, and where Debian has it. */
const TOOLS: Readonly<Record<LeakProgram['language'], readonly Tool[]>> = {
  c: [{ program: 'gcc', debianPackage: 'gcc libc6-dev' }],
  node: [],
  python: [{ program: 'python3', debianPackage: 'python3' }],
  java: [
    { program: 'javac', debianPackage: 'default-jdk-headless' },
    { program: 'java', debianPackage: 'default-jre-headless' },
  ],
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((dir) => {
    try {
      accessSync(join(dir, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Why such programs cannot run here, or `undefined` where they can: a test's reason to skip. */
export function explainMissingTool(language: LeakProgram['language']): string | undefined {
  const missing = [...WRAPPERS, ...TOOLS[language]].find((tool) => !isOnPath(tool.program))
  if (missing === undefined) return undefined
  return `${missing.program} is not on PATH (apt-get install ${missing.debianPackage})`
}

function compile(source: string, dir: string, command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status === 0) return
  throw new PlimsollError('PLM_LAB', `${command} could not build ${source} in ${dir}: ${stderr}`)
}

/** Builds beside its place and moves the whole, so that two builders at once do not meet half a file. */
function buildOnce(source: string, build: (into: string) => void): string {
  const hash = createHash('sha256')
  for (const file of [source, 'leak.h']) hash.update(readFileSync(join(PROGRAMS, file)))
  const dir = join(CACHE, `${source}-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(dir)) return dir
  const half = `${dir}.${process.pid}`
  mkdirSync(half, { recursive: true })
  build(half)
  try {
    renameSync(half, dir)
  } catch (error) {
    if (!existsSync(dir)) throw error
  }
  return dir
}

/**
 * Command and arguments that run the program, built if need be.
 * The bound of a runtime that reserves more address space than it uses is its own heap's.
 * @throws PLM_LAB where a compiler or runtime is missing, or refuses the source
 */
export function buildProgram(program: LeakProgram, boundBytes: number): readonly string[] {
  const { name, language, source } = program
  const missing = explainMissingTool(language)
  if (missing !== undefined) throw new PlimsollError('PLM_LAB', `${name} cannot run: ${missing}`)
  const path = join(PROGRAMS, source)
  switch (language) {
    case 'c': {
      const dir = buildOnce(source, (into) =>
        compile(source, into, 'gcc', [
          '-O1',
          '-Wall',
          '-pthread',
          '-o',
          join(into, name),
          path,
          '-lm',
        ]),
      )
      return [join(dir, name)]
    }
    case 'java': {
      const dir = buildOnce(source, (into) => compile(source, into, 'javac', ['-d', into, path]))
      const className = source.replace(/\.java$/, '')
      return ['java', `-Xmx${Math.floor(boundBytes / MIB)}m`, '-cp', dir, className]
    }
    case 'node':
      return [process.execPath, `--max-old-space-size=${Math.floor(boundBytes / MIB)}`, path]
    case 'python':
      return ['python3', path]
  }
}
