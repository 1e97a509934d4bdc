/**
 * @module How much the kernel's log buffer holds. No file tells it. The kernel says it in its log as it starts, where it
 * grew, and since 6.13 always; else it follows from log_buf_len= and the kernel's configuration (kernel/printk/printk.c,
 * setup_log_buf, print_log_buf_usage_stats and log_buf_add_cpu).
 */
import type { KernelArgument } from './kernel-arguments.ts'
import { lastArgument, parseMemory } from './kernel-arguments.ts'

export interface LogBuffer {
  readonly bytes: number
  readonly from: 'the kernel at its start' | 'log_buf_len=' | 'the kernel configuration'
}

/** What a live host's reader puts there: the line of the kernel's log. */
export const LOG_BUFFER_LINE = '/plimsoll/log-buffer'

const SAID = /^(?:printk: )?(?:log_buf_len: (\d+) bytes|log buffer data \+ meta data: (\d+) \+)/

/** The size that a line of the kernel's log says; `null`: it is about something else. */
export function saidBytes(line: string): number | null {
  const match = SAID.exec(line)
  const bytes = Number(match?.[1] ?? match?.[2])
  return bytes > 0 && bytes <= MAX_BYTES ? bytes : null
}

/** Beyond this the kernel refuses (LOG_BUF_LEN_MAX). */
const MAX_BYTES = 2 ** 31

function roundUp(bytes: number): number {
  return 2 ** Math.ceil(Math.log2(bytes))
}

/** A number of the kernel's configuration: `CONFIG_LOG_BUF_SHIFT=17`. */
export function configNumber(config: string, name: string): number | null {
  const match = new RegExp(`^CONFIG_${name}=(\\d+)$`, 'm').exec(config)
  return match === null ? null : Number(match[1])
}

/**
 * @param config lines of the kernel's configuration; '' where there is none
 * @param said `LOG_BUFFER_LINE`; `null` where it is not known
 * @param cpus that the host may have (`/sys/devices/system/cpu/possible`); `null`: not known
 */
export function logBufferOf(
  given: readonly KernelArgument[],
  config: string,
  cpus: number | null,
  said: string | null,
): LogBuffer | null {
  const saying = said === null ? null : saidBytes(said)
  if (saying !== null) return { bytes: saying, from: 'the kernel at its start' }
  const wanted = lastArgument(given, 'log_buf_len')?.value
  const shift = configNumber(config, 'LOG_BUF_SHIFT')
  const own = shift === null ? null : 2 ** shift
  const asked = wanted === undefined || wanted === null ? null : parseMemory(wanted)
  if (asked !== null && asked > 0 && asked <= MAX_BYTES) {
    // One that is smaller than the kernel's own is not taken.
    return { bytes: Math.max(roundUp(asked), own ?? 0), from: 'log_buf_len=' }
  }
  if (own === null || cpus === null) return null
  const perCpu = 2 ** (configNumber(config, 'LOG_CPU_MAX_BUF_SHIFT') ?? 12)
  const extra = (cpus - 1) * perCpu
  // Many CPUs make it grow, once they would fill half of it.
  return {
    bytes: extra > own / 2 ? roundUp(own + extra) : own,
    from: 'the kernel configuration',
  }
}

/** `0-3`, `0,2-5`: how many CPUs a list names. */
export function countCpus(list: string): number | null {
  const counts = list.split(',').map((part) => {
    const match = /^(\d+)(?:-(\d+))?$/.exec(part.trim())
    return match === null ? Number.NaN : Number(match[2] ?? match[1]) - Number(match[1]) + 1
  })
  const sum = counts.reduce((total, count) => total + count, 0)
  return Number.isFinite(sum) && sum > 0 ? sum : null
}
