/** @module Whether this process could do on this host what a guard does, tried without any effect. */
import { accessSync, closeSync, constants, openSync, readFileSync, writeSync } from 'node:fs'
import { findCgroupTree } from './cgroup-files.ts'

export interface Ability {
  readonly id: 'signal' | 'steer' | 'pressure' | 'throttle'
  readonly what: string
  readonly isThere: boolean
  /** How that was tried, or why it is not, as a clause. */
  readonly detail: string
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'error'
}

/** kill(2) with signal 0 checks the permission and sends nothing; who may signal the first process may all. */
function trySignal(): Ability {
  const what = 'signals to any process'
  try {
    process.kill(1, 0)
    return { id: 'signal', what, isThere: true, detail: 'process 1 could be signalled' }
  } catch (error) {
    const detail = `signal 0 to process 1 gives ${codeOf(error)}: it needs root, or CAP_KILL`
    return { id: 'signal', what, isThere: false, detail }
  }
}

/** Opens another's file, and writes into its own what stands there. */
function trySteer(procRoot: string): Ability {
  const what = 'oom_score_adj of any process'
  try {
    closeSync(openSync(`${procRoot}/1/oom_score_adj`, 'r+'))
    const path = `${procRoot}/self/oom_score_adj`
    const own = readFileSync(path, 'latin1').trim()
    const fd = openSync(path, 'r+')
    try {
      writeSync(fd, own)
    } finally {
      closeSync(fd)
    }
    return { id: 'steer', what, isThere: true, detail: "process 1's could be opened for writing" }
  } catch (error) {
    const detail = `writing gives ${codeOf(error)}: it needs root`
    return { id: 'steer', what, isThere: false, detail }
  }
}

function tryPressure(procRoot: string): Ability {
  const what = 'memory pressure (PSI)'
  const path = `${procRoot}/pressure/memory`
  try {
    const text = readFileSync(path, 'latin1')
    return {
      id: 'pressure',
      what,
      isThere: /^some avg10=/.test(text),
      detail: `${path} can be read`,
    }
  } catch (error) {
    const detail = `${path} gives ${codeOf(error)}: thrash is seen by MemAvailable and swap alone`
    return { id: 'pressure', what, isThere: false, detail }
  }
}

function tryThrottle(sysRoot: string, groups: readonly string[]): Ability {
  const what = 'memory.high of cgroups'
  const tree = findCgroupTree(sysRoot)
  if (tree?.version !== 'v2') {
    const detail = `there is no memory controller of cgroup v2 below ${sysRoot}/fs/cgroup`
    return { id: 'throttle', what, isThere: false, detail }
  }
  for (const group of groups) {
    if (group === '/' || group.startsWith('/..')) continue
    const path = `${tree.root}${group}/memory.high`
    try {
      accessSync(path, constants.W_OK)
      return { id: 'throttle', what, isThere: true, detail: `${path} could be written` }
    } catch (error) {
      if (codeOf(error) === 'ENOENT') continue
      const detail = `${path} gives ${codeOf(error)}`
      return { id: 'throttle', what, isThere: false, detail }
    }
  }
  return { id: 'throttle', what, isThere: false, detail: 'no process has a cgroup of its own' }
}

/** @param groups cgroups of processes, the first of which that can be tried is */
export function tryAbilities(
  procRoot: string,
  sysRoot: string,
  groups: readonly string[],
): readonly Ability[] {
  return [trySignal(), trySteer(procRoot), tryPressure(procRoot), tryThrottle(sysRoot, groups)]
}

/** Whether the program of a command may be run by this user; `null`: it may, else why not. */
export function whyNotRunnable(program: string): string | null {
  try {
    accessSync(program, constants.X_OK)
    return null
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? 'it is not there' : `it may not be run (${codeOf(error)})`
  }
}
