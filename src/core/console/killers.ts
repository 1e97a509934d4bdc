/** @module Who else kills when memory runs short, and whether it can. */
import type { Facts } from './facts.ts'
import { iniValue } from './ini.ts'
import { filesLike, integerOf, isDenied, textOf } from './reading.ts'

export interface Killer {
  readonly name: string
  /** Where that is seen. */
  readonly path: string
  readonly value: string
}

const PROGRAMS: readonly (readonly [comm: string, name: string])[] = [
  ['earlyoom', 'earlyoom'],
  ['nohang', 'nohang'],
  ['oomd', 'oomd'],
  ['plimsoll-guard', 'plimsoll'],
]

export const OOMD_COMM = 'systemd-oomd'

export function runsOomd({ running }: Facts): boolean {
  return running.has(OOMD_COMM)
}

/** Units that systemd-oomd may kill in: it does nothing without one (systemd.resource-control(5)). */
export function oomdUnits(facts: Facts): readonly string[] {
  return filesLike(facts, /\/systemd\/system\//)
    .filter(([, text]) => /^\s*ManagedOOM(Swap|MemoryPressure)\s*=\s*kill\s*$/m.test(text))
    .map(([path]) => path)
}

export function hasPsi(facts: Facts): boolean {
  return textOf(facts, '/proc/pressure/memory') !== null
}

export function hasCgroup2(facts: Facts): boolean {
  return textOf(facts, '/sys/fs/cgroup/cgroup.controllers') !== null
}

export function hasCgroup1(facts: Facts): boolean {
  return textOf(facts, '/sys/fs/cgroup/memory/memory.limit_in_bytes') !== null
}

/** What keeps a running systemd-oomd from killing, in words; `null`: nothing does. */
export function whyOomdIdles(facts: Facts): string | null {
  if (!hasCgroup2(facts)) return 'it needs cgroup v2'
  if (!hasPsi(facts) && !isDenied(facts, '/proc/pressure/memory'))
    return 'it needs memory pressure figures (psi=1)'
  return oomdUnits(facts).length === 0 ? 'no unit has ManagedOOMMemoryPressure=kill' : null
}

/** Those that run and can kill. The kubelet evicts its own pods alone, and is none of them. */
export function killersOf(facts: Facts): readonly Killer[] {
  const programs = PROGRAMS.filter(([comm]) => facts.running.has(comm)).map(([, name]): Killer => {
    const set = textOf(facts, `/etc/default/${name}`)
    return set === null
      ? { name, path: '/proc', value: `${name} runs` }
      : { name, path: `/etc/default/${name}`, value: set }
  })
  const [unit] = oomdUnits(facts)
  const limit = iniValue(facts, 'oomd', 'DefaultMemoryPressureLimit')?.value ?? '60%'
  const oomd =
    runsOomd(facts) && whyOomdIdles(facts) === null && unit !== undefined
      ? [{ name: OOMD_COMM, path: unit, value: `kills here, from a pressure of ${limit} on` }]
      : []
  const ttl = integerOf(facts, '/sys/kernel/mm/lru_gen/min_ttl_ms') ?? 0
  const mglru =
    ttl > 0
      ? [
          {
            name: 'the kernel (min_ttl_ms)',
            path: '/sys/kernel/mm/lru_gen/min_ttl_ms',
            value: String(ttl),
          },
        ]
      : []
  return [...programs, ...oomd, ...mglru]
}
