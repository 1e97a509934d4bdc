/** @module What the sliders of the console's page say, and how the address holds it. Plain functions of text. */
import type { Asked, Chosen, HostFigures } from '../../core/console/model/choose.ts'
import { chooseSetting } from '../../core/console/model/choose.ts'
import { INCIDENT, MAX_SERIAL } from '../../core/console/model/host.ts'
import type { RemedyId } from '../../core/console/model/remedies.ts'
import { REMEDY_IDS } from '../../core/console/model/remedies.ts'
import { formatPrintk, parsePrintk } from '../../core/console/printk.ts'

/** What each may be, beside the host's own; the address holds the value itself, so that a link says what it shows. */
const STEPS = {
  tasks: ['0', '10', '20', '50', '100', '200', '500', '1000', '2000', '5000'],
  baud: ['2400', '9600', '19200', '38400', '57600', '115200', '230400', '921600'],
  consoles: ['0', '1', '2', '3'],
  leakers: ['0', '1', '2', '3', '4', '6', '8'],
  containers: ['0', '1', '2', '3', '5', '10'],
  printk: ['7 4 1 7', '5 4 1 7', '5 7 1 7', '4 4 1 7', '3 4 1 7'],
  kernel: ['5.10', '6.1', '6.12', '7.2'],
} as const satisfies Record<string, readonly string[]>

export type StateKey = keyof typeof STEPS
export const STATE_KEYS = Object.keys(STEPS) as readonly StateKey[]

/** Where the machine's figures start from. */
export const BASES = ['host', 'incident'] as const
export type Base = (typeof BASES)[number]

export type ConsoleValues = Readonly<Record<StateKey, string>>
export interface ConsoleState {
  readonly values: ConsoleValues
  readonly remedy: RemedyId
}

/** Each container may hold so little that all of them together leave room for the rest. */
const CONTAINER_SHARE = 1 / 16

/** What an address starts from. */
export function parseBase(query: URLSearchParams): Base {
  return BASES.find((base) => base === query.get('from')) ?? 'host'
}

function serialBauds({ consoles }: HostFigures): readonly number[] {
  return (consoles ?? []).flatMap(({ kind, isSynchronous, cost }) =>
    kind === 'uart' && isSynchronous && cost.from === 'baud' ? [cost.baud] : [],
  )
}

/** A host's own values; the incident's where it has none, or where there is no host. */
export function valuesOf(host: HostFigures | null): ConsoleValues {
  const bauds = host?.consoles === null || host === null ? INCIDENT.bauds : serialBauds(host)
  return {
    tasks: String(host?.tasks ?? INCIDENT.tasks),
    // The slowest is who is waited for.
    baud: String(bauds.length === 0 ? INCIDENT.bauds[0] : Math.min(...bauds)),
    consoles: String(bauds.length),
    leakers: String(INCIDENT.leakers),
    containers: String(INCIDENT.containers),
    printk: formatPrintk(host?.printk ?? INCIDENT.printk),
    kernel: host?.release ?? '6.1',
  }
}

/** Numbers by size, with the host's own among them. */
export function stepsOf(key: StateKey, own: ConsoleValues): readonly string[] {
  const all = [...new Set<string>([...STEPS[key], own[key]])]
  if (key === 'printk' || key === 'kernel') return all
  return all.toSorted((a, b) => Number(a) - Number(b))
}

/** What is no step counts as not said. */
export function parseConsoleState(query: URLSearchParams, own: ConsoleValues): ConsoleState {
  const valueAt = (key: StateKey): string =>
    stepsOf(key, own).find((value) => value === query.get(key)) ?? own[key]
  const entries = STATE_KEYS.map((key) => [key, valueAt(key)])
  return {
    values: Object.fromEntries(entries) as ConsoleValues,
    remedy: REMEDY_IDS.find((id) => id === query.get('remedy')) ?? 'none',
  }
}

/** For the query: `null` where the value is the machine's own. */
export function queryChange(
  key: StateKey,
  value: string,
  own: ConsoleValues,
): Readonly<Record<string, string | null>> {
  return { [key]: value === own[key] ? null : value }
}

/** Another base, with nothing of this one left in the query. */
export function baseChange(base: Base): Readonly<Record<string, string | null>> {
  const nothing = Object.fromEntries([...STATE_KEYS, 'remedy'].map((key) => [key, null]))
  return { ...nothing, from: base === 'host' ? null : base }
}

/** The machine without the remedy, for as long as it takes: what differs from its own values is asked for. */
export function choiceOf(
  host: HostFigures | null,
  own: ConsoleValues,
  { values }: ConsoleState,
): Chosen {
  const changed = (key: StateKey): string | null => (values[key] === own[key] ? null : values[key])
  const printk = parsePrintk(changed('printk') ?? '')
  const kernel = changed('kernel')
  const tasks = changed('tasks')
  const hasBauds = changed('baud') !== null || changed('consoles') !== null
  const count = Math.min(MAX_SERIAL, Number(values.consoles))
  const asked: Asked = {
    leakers: Number(values.leakers),
    containers: Number(values.containers),
    containerLimitBytes: INCIDENT.memoryBytes * CONTAINER_SHARE,
    ...(tasks === null ? {} : { tasks: Number(tasks) }),
    ...(kernel === null ? {} : { release: kernel }),
    ...(printk === undefined ? {} : { printk }),
    ...(hasBauds ? { bauds: Array.from({ length: count }, () => Number(values.baud)) } : {}),
  }
  return chooseSetting(host, asked)
}
