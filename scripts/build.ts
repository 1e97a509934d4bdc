/**
 * @module Bundles the product into dist/: one CommonJS file a process, and the dashboard's assets.
 * CommonJS on purpose: the ES module facade of node:http loads undici, 15 MB of RSS that
 * `require` does not cost (measured on Node 24).
 */
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { build } from 'esbuild'

const NODE_ENTRIES: Readonly<Record<string, string>> = {
  guard: 'src/app/guard/main.ts',
  web: 'src/app/web/main.ts',
}
const CLI_ENTRY = 'src/app/cli/main.ts'
const UI_ENTRY = 'src/ui/main.tsx'
/** Copied as they are beside the dashboard's bundle. */
const UI_FILES: readonly string[] = ['index.html', 'icon.svg']

rmSync('dist', { recursive: true, force: true })
mkdirSync('dist', { recursive: true })
// dist/ is CommonJS although the package is ESM.
writeFileSync('dist/package.json', '{"type":"commonjs"}\n')

async function bundleForNode(name: string, entry: string): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile: `dist/${name}.cjs`,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    legalComments: 'none',
    logLevel: 'warning',
  })
}

async function bundleDashboard(): Promise<void> {
  await build({
    entryPoints: [UI_ENTRY],
    outdir: 'dist/ui',
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
  for (const name of UI_FILES) copyFileSync(`src/ui/${name}`, `dist/ui/${name}`)
}

for (const [name, entry] of Object.entries(NODE_ENTRIES)) {
  if (existsSync(entry)) await bundleForNode(name, entry)
}
if (existsSync(UI_ENTRY)) await bundleDashboard()
// Last, since its time stamp tells scripts/setup.sh that the whole build is there.
await bundleForNode('cli', CLI_ENTRY)
