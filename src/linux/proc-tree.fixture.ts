/** @module A directory that stands for /proc, with processes that tests start, grow and end. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'

export const PAGE = 4096

export interface FakeProcess {
  readonly pid: number
  readonly startTicks: number
  readonly comm?: string
  readonly anonBytes?: number
  readonly shmemBytes?: number
  readonly fileBytes?: number
  readonly swapBytes?: number
  readonly vszBytes?: number
  readonly dataBytes?: number
  readonly threads?: number
  readonly switches?: number
  readonly isKernelThread?: boolean
  /** Lines of /proc/PID/cgroup. */
  readonly cgroup?: string
  readonly exe?: string
  readonly args?: readonly string[]
  /** Lines of /proc/PID/limits. */
  readonly limits?: string
}

export interface ProcTree extends Disposable {
  readonly procRoot: string
  readonly sysRoot: string
  /** Starts a process, or changes the one that has the pid. */
  set(process: FakeProcess): void
  end(pid: number): void
  /** Writes a file below the tree's root: `proc/meminfo`, `sys/fs/cgroup/...`. */
  write(path: string, content: string | Uint8Array): void
  remove(path: string): void
}

const PF_KTHREAD = 0x0020_0000

function statLine(process: FakeProcess): string {
  const flags = process.isKernelThread ? PF_KTHREAD : 0
  const { pid, comm = 'fake', startTicks } = process
  return `${pid} (${comm}) S 1 1 1 0 -1 ${flags} 0 0 0 0 0 0 0 0 20 0 1 0 ${startTicks} 0 0\n`
}

function pages(bytes: number): number {
  return bytes / PAGE
}

function statmLine(process: FakeProcess): string {
  const { anonBytes = 0, fileBytes = 0, shmemBytes = 0 } = process
  const shared = fileBytes + shmemBytes
  const size = process.vszBytes ?? anonBytes + shared
  return `${pages(size)} ${pages(anonBytes + shared)} ${pages(shared)} 0 0 0 0\n`
}

function statusText(process: FakeProcess): string {
  const { anonBytes = 0, fileBytes = 0, shmemBytes = 0, swapBytes = 0 } = process
  const kib = (name: string, bytes: number): string => `${name}:\t${bytes / 1024} kB\n`
  return [
    `Name:\t${process.comm ?? 'fake'}\nUid:\t1000\t1000\t1000\t1000\n`,
    kib('VmSize', process.vszBytes ?? anonBytes + fileBytes + shmemBytes),
    kib('RssAnon', anonBytes),
    kib('RssFile', fileBytes),
    kib('RssShmem', shmemBytes),
    kib('VmData', process.dataBytes ?? anonBytes),
    kib('VmSwap', swapBytes),
    `Threads:\t${process.threads ?? 1}\n`,
    `voluntary_ctxt_switches:\t${process.switches ?? 0}\nnonvoluntary_ctxt_switches:\t0\n`,
  ].join('')
}

export function meminfoText(kib: Readonly<Record<string, number>>): string {
  const all = { MemTotal: 8_000_000, MemFree: 4_000_000, MemAvailable: 6_000_000, ...kib }
  return Object.entries(all)
    .map(([name, value]) => `${name}: ${value} kB\n`)
    .join('')
}

/** Sampled with `maxFds: 0`, since a deleted file, unlike a process that ended, stays readable. */
export function openProcTree(): ProcTree {
  const root = mkdtempSync(`${tmpdir()}/plimsoll-proc-`)
  const remove = (path: string): void => rmSync(`${root}/${path}`, { recursive: true, force: true })
  function write(path: string, content: string | Uint8Array): void {
    mkdirSync(`${root}/${path.slice(0, path.lastIndexOf('/'))}`, { recursive: true })
    writeFileSync(`${root}/${path}`, content)
  }
  write('proc/meminfo', meminfoText({}))
  write('sys/empty', '')
  return {
    procRoot: `${root}/proc`,
    sysRoot: `${root}/sys`,
    set(process) {
      const directory = `proc/${process.pid}`
      write(`${directory}/stat`, statLine(process))
      write(`${directory}/statm`, statmLine(process))
      write(`${directory}/status`, statusText(process))
      write(`${directory}/cgroup`, process.cgroup ?? '0::/\n')
      write(`${directory}/cmdline`, (process.args ?? []).map((arg) => `${arg}\0`).join(''))
      write(`${directory}/fd/0`, '')
      if (process.limits !== undefined) write(`${directory}/limits`, process.limits)
      remove(`${directory}/exe`)
      if (process.exe !== undefined) symlinkSync(process.exe, `${root}/${directory}/exe`)
    },
    end: (pid) => remove(`proc/${pid}`),
    write,
    remove,
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}
