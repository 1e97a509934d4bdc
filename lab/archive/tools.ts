/** @module The programs that the lab needs on the host, and what installs the missing. */
import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, isAbsolute, join } from 'node:path'
import { PlimsollError } from '../../src/base/errors.ts'

/** Debian keeps mke2fs and depmod there, and no ordinary user has that on PATH. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin']

const TOOLS = {
  'qemu-system-x86_64': { why: 'runs the emulated machine', debianPackage: 'qemu-system-x86' },
  gcc: { why: 'builds the programs of the guest', debianPackage: 'gcc' },
  'libc.a': { why: 'links the programs of the guest statically', debianPackage: 'libc6-dev' },
  mke2fs: { why: "makes the guest's disk", debianPackage: 'e2fsprogs' },
  xz: { why: "unpacks the guest kernel's modules", debianPackage: 'xz-utils' },
  'apt-get': { why: "finds and fetches packages of Debian's archive", debianPackage: 'apt' },
  'apt-cache': { why: "finds packages of Debian's archive", debianPackage: 'apt' },
  'dpkg-deb': { why: 'reads packages', debianPackage: 'dpkg' },
  tar: { why: 'unpacks packages', debianPackage: 'tar' },
  flock: {
    why: 'lets one guest run at a time, and one process change the cache',
    debianPackage: 'util-linux',
  },
} as const satisfies Record<string, { why: string; debianPackage: string }>

export type Tool = keyof typeof TOOLS

export interface MissingTool {
  readonly tool: Tool
  /** What the lab does with it. */
  readonly why: string
  readonly debianPackage: string
  /** The command that installs it. */
  readonly install: string
}

/**
 * The full path of a program, or null where there is none.
 * @param path folders to search, as in PATH; those of the system follow
 */
export function findProgram(name: string, path = process.env.PATH ?? ''): string | null {
  for (const folder of [...path.split(delimiter), ...SYSTEM_FOLDERS]) {
    // An empty entry means the current folder, where no program of the system is.
    if (!isAbsolute(folder)) continue
    const file = join(folder, name)
    try {
      accessSync(file, constants.X_OK)
      return file
    } catch {
      // Not here.
    }
  }
  return null
}

/** The compiler alone knows where its libraries are: it answers a bare name for what it has not. */
function hasStaticLibc(path: string): boolean {
  const gcc = findProgram('gcc', path)
  if (gcc === null) return false
  const { stdout } = spawnSync(gcc, ['-print-file-name=libc.a'], { encoding: 'utf8' })
  return isAbsolute(stdout?.trim() ?? '')
}

function isThere(tool: Tool, path: string): boolean {
  return tool === 'libc.a' ? hasStaticLibc(path) : findProgram(tool, path) !== null
}

function describeMissing(tool: Tool): MissingTool {
  const { why, debianPackage } = TOOLS[tool]
  return { tool, why, debianPackage, install: `apt-get install ${debianPackage}` }
}

/**
 * What the lab needs and this host lacks; empty where all is there.
 * @param path folders to search, as in PATH
 */
export function missingTools(path = process.env.PATH ?? ''): readonly MissingTool[] {
  return (Object.keys(TOOLS) as Tool[])
    .filter((tool) => !isThere(tool, path))
    .map((tool) => describeMissing(tool))
}

/**
 * The full path of a tool.
 * @throws PLM_LAB_TOOL where it is missing, with the command that installs it
 */
export function requireTool(tool: Exclude<Tool, 'libc.a'>): string {
  const file = findProgram(tool)
  if (file !== null) return file
  const { why, install } = describeMissing(tool)
  throw new PlimsollError('PLM_LAB_TOOL', `expected ${tool}, which ${why}; found none`, {
    hint: `Install it: \`${install}\`.`,
  })
}
