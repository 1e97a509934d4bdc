/**
 * @module The dashboard's files, read once at the start: what is served is what was there then, and
 * no request names a path on disk.
 */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Context } from 'hono'
import { PlimsollError } from '../../base/errors.ts'

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
}
const MAX_TOTAL_BYTES = 16 << 20
/** esbuild's hash in a name: what stands behind it never changes. */
const HASHED = /-[A-Z0-9]{8}\.[a-z0-9]+$/

interface StaticFile {
  readonly body: Uint8Array<ArrayBuffer>
  /** `undefined`: packing does not make it smaller. */
  readonly packed: Uint8Array<ArrayBuffer> | undefined
  readonly type: string
  readonly etag: string
  readonly isHashed: boolean
}

/** By path from the root: `/app.js`. */
export type StaticFiles = ReadonlyMap<string, StaticFile>

function readStaticFile(path: string): StaticFile {
  const body = new Uint8Array(readFileSync(path))
  const packed = new Uint8Array(gzipSync(body))
  return {
    body,
    packed: packed.length < body.length ? packed : undefined,
    type: TYPES[extname(path)] ?? 'application/octet-stream',
    etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    isHashed: HASHED.test(path),
  }
}

/** @throws PlimsollError PLM_CONFIG: there is no dashboard, or something far too large */
export function readStaticFiles(directory: string): StaticFiles {
  if (!existsSync(join(directory, 'index.html'))) {
    throw new PlimsollError('PLM_CONFIG', `there is no dashboard in ${directory}`, {
      hint: '`npm run build` makes it.',
    })
  }
  const files = new Map<string, StaticFile>()
  let totalBytes = 0
  for (const name of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const path = join(directory, name)
    const stat = statSync(path)
    if (!stat.isFile()) continue
    totalBytes += stat.size
    if (totalBytes > MAX_TOTAL_BYTES) {
      const limit = `${MAX_TOTAL_BYTES} bytes`
      throw new PlimsollError('PLM_CONFIG', `${directory} is no dashboard: it has over ${limit}`)
    }
    files.set(`/${name}`, readStaticFile(path))
  }
  return files
}

/** The file that an address means: its own, or the page that knows what to show at it. */
function findFile(files: StaticFiles, path: string): StaticFile | undefined {
  // A subject's name may well end like a file's: nginx.service.
  const isPage = extname(path) === '' || path.startsWith('/subjects/')
  return files.get(path) ?? (isPage ? files.get('/index.html') : undefined)
}

function isKnown(c: Context, etag: string): boolean {
  const known = c.req.header('if-none-match')
  return known?.split(',').some((each) => each.trim().replace(/^W\//, '') === etag) === true
}

/** `undefined`: there is no such file. */
export function serveStatic(c: Context, files: StaticFiles): Response | undefined {
  const file = findFile(files, c.req.path)
  if (file === undefined) return undefined
  c.header('etag', file.etag)
  c.header('vary', 'accept-encoding')
  c.header('cache-control', file.isHashed ? 'public, max-age=31536000, immutable' : 'no-cache')
  if (isKnown(c, file.etag)) return c.body(null, 304)
  c.header('content-type', file.type)
  const accepts = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
  if (!accepts || file.packed === undefined) return c.body(file.body)
  c.header('content-encoding', 'gzip')
  return c.body(file.packed)
}
