/**
 * @module Bundles the product into dist/: one CommonJS file a process or command, and the dashboard's
 * assets.
 * CommonJS on purpose: the ES module facade of node:http loads undici, 15 MB of RSS that
 * `require` does not cost (measured on Node 24).
 */
import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { COMMANDS } from '../src/app/cli/commands.ts'

const PROGRAMS: Readonly<Record<string, string>> = {
  guard: 'src/app/guard/main.ts',
  web: 'src/app/web/main.ts',
  'slow-line': 'lab/machine/slow-line.ts',
  scout: 'src/io/logs/scout-worker.ts',
}
const UI_ENTRY = 'src/ui/main.tsx'
/** Copied as they are beside the dashboard's bundle. */
const UI_FILES: readonly string[] = ['index.html', 'icon.svg']

const NODE_PROGRAM = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  // A CommonJS module has no import.meta; what stands there is this file's place, not the source's.
  define: { 'import.meta.dirname': '__dirname' },
  legalComments: 'none',
  logLevel: 'warning',
} as const satisfies BuildOptions

/** Puts a list of one in the place of src/app/cli/commands.ts. */
function onlyCommand(name: string): Plugin {
  const contents = `import { ${name}Command } from './${name}.ts'
    export const COMMANDS = { ${name}: ${name}Command }`
  return {
    name: 'only-command',
    setup({ onLoad }) {
      onLoad({ filter: /\/src\/app\/cli\/commands\.ts$/ }, () => ({ contents, loader: 'ts' }))
    },
  }
}

/**
 * The command line, a bundle for each command beside the one of all, which help needs: to parse all of them takes
 * as long as Node itself takes to start. Chunks that they share would be two dozen files to load for each.
 */
async function buildCommandLine(directory: string): Promise<void> {
  const entry = { ...NODE_PROGRAM, entryPoints: ['src/app/cli/main.ts'] }
  const names = Object.keys(COMMANDS)
  await build({ ...entry, outfile: join(directory, 'cli-all.cjs') })
  for (const name of names) {
    const outfile = join(directory, `cli-${name}.cjs`)
    await build({ ...entry, outfile, plugins: [onlyCommand(name)] })
  }
  const text = `'use strict'
const [, , name] = process.argv
require(${JSON.stringify(names)}.includes(name) ? \`./cli-\${name}.cjs\` : './cli-all.cjs')
`
  writeFileSync(join(directory, 'cli.cjs'), text)
}

/** The programs, one file each but for the command line; cli.cjs finds the others beside it. */
export async function buildPrograms(directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true })
  // The bundles are CommonJS although the package is ESM.
  writeFileSync(join(directory, 'package.json'), '{"type":"commonjs"}\n')
  for (const [name, entry] of Object.entries(PROGRAMS)) {
    await build({
      ...NODE_PROGRAM,
      entryPoints: [entry],
      outfile: join(directory, `${name}.cjs`),
    })
  }
  await buildCommandLine(directory)
}

/**
 * `plimsoll/oom` for other programs: an ES module and its types. Types are .d.mts, since dist/ is CommonJS
 * by its package.json.
 */
async function buildLibrary(directory: string): Promise<void> {
  await build({
    entryPoints: ['src/io/logs/library.ts'],
    outfile: join(directory, 'oom.mjs'),
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    legalComments: 'none',
    logLevel: 'warning',
  })
  const types = join(directory, 'types')
  const words = ['--project', 'scripts/library.tsconfig.json', '--outDir', types]
  const { status } = spawnSync('node_modules/.bin/tsc', words, { stdio: 'inherit' })
  if (status !== 0) throw new Error('the types of plimsoll/oom could not be made')
  for (const name of globSync(join(types, '**/*.d.ts'))) {
    const text = readFileSync(name, 'utf8').replaceAll(/(['"]\.[^'"]*)\.ts(?=['"])/g, '$1.mjs')
    writeFileSync(name.replace(/\.ts$/, '.mts'), text)
    rmSync(name)
  }
}

async function buildDashboard(directory: string): Promise<void> {
  await build({
    entryPoints: [UI_ENTRY],
    outdir: directory,
    entryNames: 'app',
    bundle: true,
    platform: 'browser',
    target: 'es2022',
    format: 'esm',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    sourcemap: true,
    loader: { '.svg': 'file' },
    logLevel: 'warning',
  })
  for (const name of UI_FILES) copyFileSync(`src/ui/${name}`, join(directory, name))
}

if (import.meta.main) {
  // Aside first: a build that fails leaves the one before, and a running agent finds its programs.
  rmSync('dist.new', { recursive: true, force: true })
  if (existsSync(UI_ENTRY)) await buildDashboard('dist.new/ui')
  await buildLibrary('dist.new')
  // Last, since the time stamp of cli.cjs tells scripts/setup.sh how old the build is.
  await buildPrograms('dist.new')
  rmSync('dist', { recursive: true, force: true })
  renameSync('dist.new', 'dist')
}
