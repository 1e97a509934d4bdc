/** @module `plimsoll simulate`: the freeze of a machine that prints its OOM reports on slow consoles, modelled. */
import { Command } from 'commander'
import { PlimsollError } from '../../base/errors.ts'
import { parseSizeBytes } from '../../base/parse-units.ts'
import { isReadRelease } from '../../core/console/era.ts'
import { parsePrintk } from '../../core/console/printk.ts'
import type { PrintkSetting } from '../../core/console/records.ts'
import type { SimulateOptions } from './simulate/options.ts'

function usage(message: string): PlimsollError {
  return new PlimsollError('PLM_USAGE', message)
}

/** A whole number of that range. */
function whole(option: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text.trim()) ? Number(text) : Number.NaN
    if (value >= least && value <= most) return value
    const got = JSON.stringify(text)
    throw usage(`${option}: expected a whole number from ${least} to ${most}, got ${got}`)
  }
}

function size(option: string, example: string): (text: string) => number {
  return (text) => {
    const bytes = parseSizeBytes(text.replace(/\/s$/, ''))
    if (bytes !== undefined && bytes >= 1 && bytes <= 2 ** 46) return bytes
    throw usage(`${option}: expected a size as ${example}, got ${JSON.stringify(text)}`)
  }
}

const parseBaud = whole('--baud', 50, 4_000_000)

function addBaud(text: string, before: readonly number[] | undefined): readonly number[] {
  const bauds = [...(before ?? []), parseBaud(text)]
  if (bauds.length <= 8) return bauds
  throw usage('--baud: expected at most 8 consoles')
}

function parseLevels(text: string): PrintkSetting {
  const setting = /^\s*\d{1,2}(\s+\d{1,2}){3}\s*$/.test(text) ? parsePrintk(text) : undefined
  if (setting !== undefined) return setting
  const got = JSON.stringify(text)
  throw usage(`--printk: expected the four numbers of kernel.printk as "7 4 1 7", got ${got}`)
}

function parseKernel(text: string): string {
  const isVersion = /^\d{1,2}\.\d{1,3}([.+~-][\w.+~-]{0,60})?$/.test(text)
  if (isVersion && isReadRelease(text)) return text
  const got = JSON.stringify(text)
  throw usage(
    `--kernel: reports are known of 5.10, 6.1, 6.12, 7.2 and what lies between, got ${got}`,
  )
}

function parseSwitch(text: string): boolean {
  if (text === '0' || text === '1') return text === '1'
  throw usage(`--oom-dump-tasks: expected 0 or 1, got ${JSON.stringify(text)}`)
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .summary('how long an OOM would freeze a machine, and what helps')
    .description(
      [
        'Models a machine that runs out of memory while its kernel prints OOM reports on slow consoles: who stands still, for how long, what is printed, who is killed, and what each remedy would change.',
        'It starts from what this host has, as the doctor reads it, and options change one figure each. --incident starts from 200 tasks, one serial console of 19200 baud and Linux 6.1. Nothing is changed.',
      ].join('\n\n'),
    )
    .option('--incident', 'start from the incident, not from this host')
    .option('--root <dir>', 'start from a saved tree, as plimsoll doctor --save-tree writes it')
    .option('--tasks <n>', 'processes in the report', whole('--tasks', 0, 100_000))
    .option(
      '--baud <rate>',
      'rate of a serial console; repeat it for those of other drivers',
      addBaud,
    )
    .option('--printk <levels>', 'kernel.printk, as "7 4 1 7"', parseLevels)
    .option('--oom-dump-tasks <0|1>', 'vm.oom_dump_tasks', parseSwitch)
    .option('--kernel <version>', 'whose report: 5.10, 6.1, 6.12, 7.2 or between', parseKernel)
    .option('--memory <size>', 'what programs can take', size('--memory', '512MiB or 64GiB'))
    .option('--leakers <n>', 'processes that leak', whole('--leakers', 0, 50))
    .option('--rate <size>', 'how fast each leaks, in a second', size('--rate', '200MiB/s'))
    .option('--containers <n>', 'cgroups in which one leaks', whole('--containers', 0, 100))
    .option(
      '--container-memory <size>',
      'memory.max of each',
      size('--container-memory', '64MiB or 2GiB'),
    )
    .option(
      '--restart <seconds>',
      'a killed leaker comes back after so long',
      whole('--restart', 0, 3600),
    )
    .option('--seconds <n>', 'how long to look', whole('--seconds', 1, 3600))
    .option('--seed <n>', 'another chance', whole('--seed', 0, 999_999_999))
    .option('--json', 'print one JSON document')
    .action(async (options: SimulateOptions) => {
      const { runSimulate } = await import('./simulate/run.ts')
      runSimulate(options)
    })
}
