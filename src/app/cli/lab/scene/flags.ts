/** @module What `plimsoll lab SCENARIO` was asked for, checked before anything is started. */
import { KERNEL_VERSIONS } from '../../../../../lab/archive/kernels.ts'
import { INCIDENT } from '../../../../../lab/scenarios/scenario.ts'
import { PlimsollError } from '../../../../base/errors.ts'
import { shellQuote } from '../../../../base/escape.ts'
import { MIB } from '../../../../base/units.ts'

/** As commander hands them over. */
export interface SceneFlags {
  readonly list?: true
  readonly json?: true
  readonly compare?: true
  readonly kernel?: string
  readonly tasks?: string
  readonly baud?: string
  readonly memory?: string
  readonly sysctl?: readonly string[]
  readonly keep?: string
}

export interface SceneWish {
  readonly kernel: string
  readonly tasks: number
  readonly baud: number
  readonly memoryMib: number
  readonly sysctls: Readonly<Record<string, string>>
}

const KERNEL = '6.1'
/** Rates of the PC's UART. Below, a byte takes longer than a driver waits (8250_port.c, 10 ms). */
const BAUDS = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200]
/** A kernel with its first root needs about half of it. */
const MIN_MEMORY_MIB = 192
const MAX_MEMORY_MIB = 65_536
/** The guest's memory is this host's: what it leaks is taken here. */
const MAX_SHARE_OF_AVAILABLE = 0.5
/** An idle process takes about 120 KiB: a half is left for the scene. */
const TASKS_PER_MIB = 4

function usage(option: string, expected: string, got: string): PlimsollError {
  return new PlimsollError('PLM_USAGE', `${option} expects ${expected}, got ${JSON.stringify(got)}`)
}

function parseWhole(text: string): number | undefined {
  return /^\d{1,6}$/.test(text) ? Number(text) : undefined
}

function checkKernel(text: string): string {
  const isKnown = (KERNEL_VERSIONS as readonly string[]).includes(text)
  if (isKnown || text.includes('/')) return text
  throw usage('--kernel', `${KERNEL_VERSIONS.join(', ')} or the path of an image (with a /)`, text)
}

function checkMemory(text: string, availableBytes: number): number {
  const most = Math.min(MAX_MEMORY_MIB, Math.floor((availableBytes * MAX_SHARE_OF_AVAILABLE) / MIB))
  const mib = parseWhole(text)
  if (mib !== undefined && mib >= MIN_MEMORY_MIB && mib <= most) return mib
  const expected = `${MIN_MEMORY_MIB} to ${most} MiB (half of what this host has available)`
  throw usage('--memory', expected, text)
}

function checkTasks(text: string, memoryMib: number): number {
  const most = memoryMib * TASKS_PER_MIB
  const tasks = parseWhole(text)
  if (tasks !== undefined && tasks <= most) return tasks
  throw usage('--tasks', `0 to ${most} (${TASKS_PER_MIB} for each MiB of --memory)`, text)
}

function checkBaud(text: string): number {
  const baud = parseWhole(text)
  if (baud !== undefined && BAUDS.includes(baud)) return baud
  throw usage('--baud', BAUDS.join(', '), text)
}

/** The guest's shell writes the value between quotes. */
const SYSCTL = /^([a-z][\w-]*(?:\.[\w-]+)+)=([\x20-\x26\x28-\x5b\x5d-\x7e]{0,200})$/i

function checkSysctls(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name, value] = SYSCTL.exec(text) ?? []
      if (name === undefined || value === undefined) {
        throw usage('--sysctl', 'NAME=VALUE such as vm.oom_dump_tasks=0', text)
      }
      return [name, value]
    }),
  )
}

/**
 * @param availableBytes of memory on this host
 * @throws PLM_USAGE that names what is allowed
 */
export function checkFlags(flags: SceneFlags, availableBytes: number): SceneWish {
  const memoryMib = checkMemory(flags.memory ?? String(INCIDENT.memoryMib), availableBytes)
  return {
    kernel: checkKernel(flags.kernel ?? KERNEL),
    memoryMib,
    tasks: checkTasks(flags.tasks ?? String(INCIDENT.tasks), memoryMib),
    baud: checkBaud(flags.baud ?? String(INCIDENT.baud)),
    sysctls: checkSysctls(flags.sysctl ?? []),
  }
}

/** The command with which the same is compared. */
export function compareCommand(scenario: string, flags: SceneFlags): string {
  const { kernel, tasks, baud, memory, sysctl = [] } = flags
  const options = Object.entries({ kernel, tasks, baud, memory }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, value],
  )
  const settings = sysctl.flatMap((text) => ['--sysctl', text])
  return ['plimsoll', 'lab', scenario, ...options, ...settings, '--compare']
    .map(shellQuote)
    .join(' ')
}
