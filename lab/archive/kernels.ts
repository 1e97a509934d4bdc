/** @module Kernels for an emulated machine: Debian's by version, or an image of the user's own. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf, PlimsollError } from '../../src/base/errors.ts'
import { BOOT_HEADER_BYTES, readImageRelease } from './boot-image.ts'
import { writeModulesDep } from './depmod.ts'
import { orderModules, parseModulesBuiltin, parseModulesDep } from './module-order.ts'
import { dependenciesOf, type Suite, unpackPackages } from './packages.ts'
import { plainModule } from './plain-module.ts'
import { readHead } from './read-head.ts'

export interface Kernel {
  /** As it was asked for: '6.1', or the path of the image. */
  readonly name: string
  /** As uname -r will say. */
  readonly release: string
  readonly vmlinuz: string
  /** The folder with modules.dep, or null where there are no modules. */
  readonly modulesDir: string | null
}

export interface FindKernelOptions {
  /** Modules of one's own image; else /lib/modules/RELEASE where it is there. */
  readonly modulesDir?: string
  readonly signal?: AbortSignal | undefined
}

/** Debian's kernel of each version: cloud is the small one, made to run in a virtual machine. */
const SUITE_OF_VERSION = {
  '5.10': 'bullseye',
  '6.1': 'bookworm',
  '6.12': 'trixie',
} as const satisfies Record<string, Suite>

export type KernelVersion = keyof typeof SUITE_OF_VERSION

export const KERNEL_VERSIONS = Object.keys(SUITE_OF_VERSION) as readonly KernelVersion[]

/** Depends on the kernel of the day, whose own name has its release. */
const META_PACKAGE = 'linux-image-cloud-amd64'

/** What a folder of modules has to have: what needs what, and what the kernel has within. */
const MODULE_TABLES = ['modules.dep', 'modules.builtin'] as const

function isVersion(name: string): name is KernelVersion {
  return Object.hasOwn(SUITE_OF_VERSION, name)
}

async function fetchKernel(name: KernelVersion, signal?: AbortSignal): Promise<Kernel> {
  const suite = SUITE_OF_VERSION[name]
  const dependencies = await dependenciesOf(suite, META_PACKAGE, signal)
  const image = dependencies.find((dependency) => dependency.startsWith(`linux-image-${name}.`))
  if (image === undefined) {
    const got = dependencies.join(', ')
    throw new PlimsollError(
      'PLM_LAB_KERNEL',
      `expected ${META_PACKAGE} of Debian ${suite} to depend on a kernel ${name}, got ${got}`,
    )
  }
  const root = await unpackPackages(suite, [image], { signal })
  const release = image.slice('linux-image-'.length)
  const vmlinuz = join(root, 'boot', `vmlinuz-${release}`)
  if (!existsSync(vmlinuz)) {
    const got = readdirSync(root).join(', ')
    throw new PlimsollError('PLM_LAB_KERNEL', `expected ${vmlinuz} in ${image}, got ${got}`)
  }
  const modulesDir = join(root, 'lib', 'modules', release)
  if (!existsSync(join(modulesDir, 'modules.dep'))) await writeModulesDep(root, release, signal)
  return { name, release, vmlinuz, modulesDir }
}

function checkModulesDir(folder: string): void {
  const missing = MODULE_TABLES.find((table) => !existsSync(join(folder, table)))
  if (missing === undefined) return
  throw new PlimsollError('PLM_LAB_KERNEL', `expected ${missing} in ${folder}, found none`, {
    hint: 'Name the folder that `make modules_install` wrote: lib/modules/RELEASE.',
  })
}

function openImage(path: string, modulesDir: string | undefined): Kernel {
  let head: Buffer
  try {
    head = readHead(path, BOOT_HEADER_BYTES)
  } catch (error) {
    const message = `could not read the kernel image ${path}: ${messageOf(error)}`
    throw new PlimsollError('PLM_LAB_KERNEL', message, { cause: error })
  }
  const release = readImageRelease(head)
  if (release === null) {
    const message = `expected a compressed kernel image for x86 (bzImage, vmlinuz), got ${path}`
    throw new PlimsollError('PLM_LAB_KERNEL', message)
  }
  const installed = join('/lib/modules', release)
  const folder = modulesDir ?? (existsSync(installed) ? installed : null)
  if (folder !== null) checkModulesDir(folder)
  return { name: path, release, vmlinuz: path, modulesDir: folder }
}

/**
 * A kernel by name: '5.10', '6.1' or '6.12' is Debian's own with its security updates, fetched
 * once; anything with a slash is the path of an image.
 * @throws PLM_LAB_KERNEL where there is none such, it cannot be fetched or is no image for x86;
 *   PLM_LAB_TOOL where a program of the host is missing
 */
export async function findKernel(
  name: string,
  { modulesDir, signal }: FindKernelOptions = {},
): Promise<Kernel> {
  if (name.includes('/')) return openImage(name, modulesDir)
  if (!isVersion(name)) {
    const known = KERNEL_VERSIONS.join(', ')
    const message = `expected a kernel (${known}) or the path of an image, got ${JSON.stringify(name)}`
    throw new PlimsollError('PLM_LAB_KERNEL', message)
  }
  try {
    return await fetchKernel(name, signal)
  } catch (error) {
    if (!(error instanceof PlimsollError) || error.code !== 'PLM_LAB_ARCHIVE') throw error
    throw new PlimsollError('PLM_LAB_KERNEL', `no kernel ${name}: ${error.message}`, {
      hint: `Name an image of your own in place of ${name}, such as /boot/vmlinuz-RELEASE.`,
      cause: error,
    })
  }
}

/**
 * Files of the wanted modules and of what they need, not compressed, in the order to load them.
 * What is built in is left out; so is everything where the kernel has no folder of modules. What
 * the kernel asks modprobe for while it runs (zram of 6.1 for `lzo_rle`) has to be named.
 * @throws PLM_LAB_KERNEL where the kernel has no such module, or a file of one is broken
 */
export async function modulesFor(
  kernel: Kernel,
  wanted: readonly string[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const { modulesDir, release } = kernel
  if (modulesDir === null) return []
  const readTable = (name: (typeof MODULE_TABLES)[number]) =>
    readFileSync(join(modulesDir, name), 'utf8')
  const builtin = parseModulesBuiltin(readTable('modules.builtin'))
  const order = orderModules(wanted, parseModulesDep(readTable('modules.dep')), builtin)
  if (!order.ok) {
    const message = `kernel ${release} has no module ${order.error.missing} in ${modulesDir}`
    throw new PlimsollError('PLM_LAB_KERNEL', message)
  }
  const plain: string[] = []
  for (const file of order.value) plain.push(await plainModule(join(modulesDir, file), signal))
  return plain
}
