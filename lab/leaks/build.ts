/** @module Builds a program once for each version of its source, and tells how to start it. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join, sep } from 'node:path'
import { PlimsollError } from '../../src/base/errors.ts'
import { MIB } from '../../src/base/units.ts'
import { PACKAGE_ROOT } from '../package-root.ts'
import type { Language, LeakProgram } from './program.ts'

export const PROGRAMS = join(PACKAGE_ROOT, 'lab/leaks/programs')

function mayUse(path: string, mode: number): boolean {
  try {
    accessSync(path, mode)
    return true
  } catch {
    return false
  }
}

/** In a clone within it; else this user's own. Node strips no types below node_modules. */
function cacheDirectory(): string {
  const isInstalled = PACKAGE_ROOT.split(sep).includes('node_modules')
  if (!isInstalled && mayUse(PACKAGE_ROOT, constants.W_OK))
    return join(PACKAGE_ROOT, '.cache/leaks')
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'plimsoll/leaks')
}

export interface Tool {
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

/** Files that sources of a language share: a change of one is a change of each. */
const SHARED: Readonly<Partial<Record<Language, readonly string[]>>> = {
  c: ['leak.h', 'service.h'],
  'c++': ['leak.h'],
  node: ['leak.ts', 'batches.ts'],
  java: ['Leak.java'],
}

/** What is missing of these tools, and what installs it; `undefined` where nothing is. */
export function explainMissing(
  tools: readonly Tool[],
  path = process.env.PATH ?? '',
): string | undefined {
  const isOnPath = ({ program }: Tool): boolean =>
    path.split(delimiter).some((dir) => mayUse(join(dir, program), constants.X_OK))
  const missing = tools.find((tool) => !isOnPath(tool))
  if (missing === undefined) return undefined
  return `${missing.program} is not on PATH (apt-get install ${missing.debianPackage})`
}

/**
 * Why such programs cannot run here, or `undefined` where they can: a test's reason to skip.
 * @param path directories to search, as in PATH
 */
export function explainMissingTool(language: Language, path?: string): string | undefined {
  return explainMissing([...WRAPPERS, ...TOOLS[language]], path)
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
  const dir = join(cacheDirectory(), `${name}-${hash.digest('hex').slice(0, 16)}`)
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

/** Out of node_modules, where an installed package is: see `cacheDirectory` (nodejs.org/api/typescript). */
function copyScript(program: LeakProgram): string {
  return buildOnce(program, (into) => {
    for (const file of [program.source, ...(SHARED.node ?? [])]) {
      copyFileSync(join(PROGRAMS, file), join(into, file))
    }
    writeFileSync(join(into, 'package.json'), '{"type":"module"}\n')
  })
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
    case 'node': {
      const script = join(copyScript(program), source)
      return [process.execPath, `--max-old-space-size=${inMib(heapBytes)}`, script]
    }
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
  if (!existsSync(PROGRAMS)) {
    throw new PlimsollError('PLM_LAB', `${program.name} cannot run: there is no ${PROGRAMS}`, {
      hint: 'A clone and the npm package have it; install one of these anew.',
    })
  }
  const heapBytes = Math.min(program.heapBytes ?? boundBytes, boundBytes)
  return [...buildCommand(program, heapBytes), ...(program.args ?? [])]
}
