/** @module Builds a program once for each version of its source, and tells how to start it. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { PlimsollError } from '../../src/base/errors.ts'
import { MIB } from '../../src/base/units.ts'
import type { Language, LeakProgram } from './program.ts'

export const PROGRAMS = join(import.meta.dirname, 'programs')
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
const TOOLS: Readonly<Record<Language, readonly Tool[]>> = {
  c: [{ program: 'gcc', debianPackage: 'gcc libc6-dev' }],
  'c++': [{ program: 'g++', debianPackage: 'g++' }],
  node: [],
  python: [{ program: 'python3', debianPackage: 'python3' }],
  java: [
    { program: 'javac', debianPackage: 'default-jdk-headless' },
    { program: 'java', debianPackage: 'default-jre-headless' },
  ],
}

/** Files that sources of a compiled language share: a change of one is a change of each. */
const SHARED: Readonly<Partial<Record<Language, readonly string[]>>> = {
  c: ['leak.h', 'service.h'],
  'c++': ['leak.h'],
  java: ['Leak.java'],
}

function isOnPath(program: string, path: string): boolean {
  return path.split(delimiter).some((dir) => {
    try {
      accessSync(join(dir, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/**
 * Why such programs cannot run here, or `undefined` where they can: a test's reason to skip.
 * @param path directories to search, as in PATH
 */
export function explainMissingTool(
  language: Language,
  path = process.env.PATH ?? '',
): string | undefined {
  const missing = [...WRAPPERS, ...TOOLS[language]].find((tool) => !isOnPath(tool.program, path))
  if (missing === undefined) return undefined
  return `${missing.program} is not on PATH (apt-get install ${missing.debianPackage})`
}

function compile(source: string, command: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status === 0) return
  throw new PlimsollError('PLM_LAB', `${command} could not build ${source}: ${stderr}`)
}

/** Builds beside its place and moves the whole, so that two builders at once do not meet half a file. */
function buildOnce({ name, language, source }: LeakProgram, build: (into: string) => void): string {
  const hash = createHash('sha256')
  for (const file of [source, ...(SHARED[language] ?? [])]) {
    hash.update(readFileSync(join(PROGRAMS, file)))
  }
  const dir = join(CACHE, `${name}-${hash.digest('hex').slice(0, 16)}`)
  if (existsSync(dir)) return dir
  const half = `${dir}.${process.pid}`
  mkdirSync(half, { recursive: true })
  try {
    build(half)
    renameSync(half, dir)
  } catch (error) {
    rmSync(half, { recursive: true, force: true })
    // Another was sooner.
    if (!existsSync(dir)) throw error
  }
  return dir
}

/** Named for the program, since a process is known by its executable's name. */
function buildNative(program: LeakProgram, compiler: string, flags: readonly string[]): string {
  const { name, source } = program
  const common = ['-O1', '-Wall', '-Wextra', '-pthread', ...flags]
  const dir = buildOnce(program, (into) =>
    compile(source, compiler, [...common, '-o', join(into, name), join(PROGRAMS, source), '-lm']),
  )
  return join(dir, name)
}

function inMib(bytes: number): number {
  return Math.max(1, Math.floor(bytes / MIB))
}

/**
 * What the collector does is settled here, since its defaults follow the machine: a small young
 * generation and little room above it, so that resident memory follows what is live.
 */
function javaFlags(heapBytes: number): readonly string[] {
  return [
    '-XX:+UseSerialGC',
    '-XX:MinHeapFreeRatio=5',
    '-XX:MaxHeapFreeRatio=15',
    '-XX:-ShrinkHeapInSteps',
    '-Xms16m',
    '-Xmn8m',
    `-Xmx${Math.max(16, inMib(heapBytes))}m`,
    '-XX:+ExitOnOutOfMemoryError',
  ]
}

function buildCommand(program: LeakProgram, heapBytes: number): readonly string[] {
  const { language, source } = program
  const path = join(PROGRAMS, source)
  switch (language) {
    case 'c':
      return [buildNative(program, 'gcc', [])]
    case 'c++':
      return [buildNative(program, 'g++', ['-std=c++20'])]
    case 'node':
      return [process.execPath, `--max-old-space-size=${inMib(heapBytes)}`, path]
    case 'python':
      return ['python3', path]
    case 'java': {
      const dir = buildOnce(program, (into) =>
        compile(source, 'javac', ['-d', into, '-sourcepath', PROGRAMS, path]),
      )
      return ['java', ...javaFlags(heapBytes), '-cp', dir, source.replace(/\.java$/, '')]
    }
  }
}

/**
 * Command and arguments that run the program, built if need be.
 * The bound of a runtime that reserves more address space than it uses is its own heap's.
 * @throws PLM_LAB where a compiler or runtime is missing, or refuses the source
 */
export function buildProgram(program: LeakProgram, boundBytes: number): readonly string[] {
  const missing = explainMissingTool(program.language)
  if (missing !== undefined) {
    throw new PlimsollError('PLM_LAB', `${program.name} cannot run: ${missing}`)
  }
  const heapBytes = Math.min(program.heapBytes ?? boundBytes, boundBytes)
  return [...buildCommand(program, heapBytes), ...(program.args ?? [])]
}
