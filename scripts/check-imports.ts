/**
 * @module The import rule of the house: which path may import which. Run as a test.
 *
 * Read RULES top down: the first `from` that matches a file decides. A specifier must match one of
 * its `to` globs. What is not listed is refused, so a new layer has to be let in by name.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, matchesGlob, normalize } from 'node:path'

interface Rule {
  readonly from: string
  readonly to: readonly string[]
}

const BASE = 'src/base/**'
const CORE = 'src/core/**'
/** Plain record types that rooms of core may share: no functions, only types. */
const RECORDS = 'src/core/*/records.ts'

/** With `node:fs/promises` and its like, which a glob's `*` stops before. */
const NODE = 'node:{*,*/promises}'

/** Sampler and detector put together: what the guard and `watch` both run. */
const MONITOR = 'src/app/monitor/**'

const RULES: readonly Rule[] = [
  { from: '**/*.{test,fixture}.{ts,tsx}', to: ['**'] },
  { from: '{bench,scripts,test}/**', to: ['**'] },
  { from: BASE, to: [BASE] },
  ...['procfs', 'leak', 'heap', 'oom', 'console', 'guard', 'record', 'wire'].map((room) => ({
    from: `src/core/${room}/**`,
    to: [BASE, `src/core/${room}/**`, RECORDS],
  })),
  // stty and zlib, for the doctor's look at a host; the guard does not import it.
  {
    from: 'src/linux/console-live.ts',
    to: [BASE, CORE, 'src/linux/**', 'node:{fs,child_process,zlib}'],
  },
  { from: 'src/linux/**', to: [BASE, CORE, 'src/linux/**', 'node:fs', 'node:os'] },
  {
    from: 'src/io/**',
    to: [BASE, CORE, 'src/io/**', NODE, 'smol-toml', 'valibot', 'hono', 'hono/**', '@hono/**'],
  },
  { from: 'src/engines/**', to: [BASE, CORE, 'src/linux/**', 'src/engines/**', NODE] },
  { from: MONITOR, to: [BASE, CORE, 'src/linux/**', MONITOR] },
  // The guard's import budget: nothing from npm, no http.
  {
    from: 'src/app/guard/**',
    to: [
      BASE,
      CORE,
      'src/linux/**',
      'src/io/guard/**',
      'src/io/record/**',
      'src/app/guard/**',
      MONITOR,
      'node:{fs,net,os,path,crypto}',
    ],
  },
  {
    from: 'src/app/web/**',
    to: [
      BASE,
      CORE,
      'src/linux/**',
      'src/io/**',
      'src/app/web/**',
      NODE,
      'hono',
      'hono/**',
      '@hono/**',
      'prom-client',
      'pino',
    ],
  },
  { from: 'src/app/cli/{lab.ts,lab/**}', to: ['**'] },
  {
    from: 'src/app/cli/**',
    to: [
      BASE,
      CORE,
      'src/linux/**',
      'src/io/**',
      'src/engines/**',
      'src/app/cli/**',
      MONITOR,
      NODE,
      'commander',
    ],
  },
  {
    from: 'src/ui/**',
    to: [BASE, CORE, 'src/ui/**', 'preact', 'preact/**', '@preact/signals', 'uplot', 'uplot/**'],
  },
  { from: 'lab/**', to: [BASE, CORE, 'src/linux/**', 'src/io/**', 'lab/**', NODE] },
  // Technical debt below this line: each exception with its reason and the change that ends it.
]

export interface ImportFault {
  readonly file: string
  readonly line: number
  readonly specifier: string
}

const SPECIFIER = /(?<!['"])\b(?:from|import|require)\s*\(?\s*['"]([^'"\s]+)['"]/g

/** Checks one file's text against the rule. `file` is a path from the root of the project. */
export function checkImports(file: string, text: string): ImportFault[] {
  const rule = RULES.find((candidate) => matchesGlob(file, candidate.from))
  const faults: ImportFault[] = []
  if (rule?.to.includes('**')) return faults
  for (const match of text.matchAll(SPECIFIER)) {
    const specifier = match[1] ?? ''
    const target = specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier
    if (rule?.to.some((glob) => matchesGlob(target, glob))) continue
    const line = text.slice(0, match.index).split('\n').length
    faults.push({ file, line, specifier })
  }
  return faults
}

/** All faults below `root`, which must be the root of the project. */
export function checkTree(root: string): ImportFault[] {
  const faults: ImportFault[] = []
  for (const top of ['src', 'lab', 'bench', 'scripts', 'test']) {
    if (!existsSync(join(root, top))) continue
    for (const name of readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(name)) continue
      const file = join(top, name)
      faults.push(...checkImports(file, readFileSync(join(root, file), 'utf8')))
    }
  }
  return faults
}
