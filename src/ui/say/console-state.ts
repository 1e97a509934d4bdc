/** @module What the sliders of the console's page say, and how the address holds it. Plain functions of text. */
import { longEnough } from '../../core/console/model/choose.ts'
import { INCIDENT, settingOf } from '../../core/console/model/host.ts'
import type { RemedyId } from '../../core/console/model/remedies.ts'
import { REMEDY_IDS } from '../../core/console/model/remedies.ts'
import type { Setting } from '../../core/console/model/setting.ts'
import { parsePrintk } from '../../core/console/printk.ts'

/** What each may be; the address holds the value itself, so that a link says what it shows. */
export const STEPS = {
  tasks: ['0', '10', '20', '50', '100', '200', '500', '1000', '2000', '5000'],
  baud: ['2400', '9600', '19200', '38400', '57600', '115200', '230400', '921600'],
  consoles: ['0', '1', '2', '3'],
  leakers: ['0', '1', '2', '3', '4', '6', '8'],
  containers: ['0', '1', '2', '3', '5', '10'],
  printk: ['7 4 1 7', '5 4 1 7', '5 7 1 7', '4 4 1 7', '3 4 1 7'],
  kernel: ['5.10', '6.1', '6.12', '7.2'],
} as const satisfies Record<string, readonly string[]>

export type StateKey = keyof typeof STEPS
export type ConsoleState = Readonly<Record<StateKey, string>> & { readonly remedy: RemedyId }

/** The incident. */
const DEFAULTS: ConsoleState = {
  tasks: '200',
  baud: '19200',
  consoles: '1',
  leakers: '1',
  containers: '0',
  printk: '7 4 1 7',
  kernel: '6.1',
  remedy: 'none',
}

/** Each container may hold so little that all of them together leave room for the rest. */
const CONTAINER_SHARE = 1 / 16

/** What is no step of ours counts as not said. */
export function parseConsoleState(query: URLSearchParams): ConsoleState {
  const valueAt = (key: StateKey): string =>
    STEPS[key].find((value) => value === query.get(key)) ?? DEFAULTS[key]
  return {
    tasks: valueAt('tasks'),
    baud: valueAt('baud'),
    consoles: valueAt('consoles'),
    leakers: valueAt('leakers'),
    containers: valueAt('containers'),
    printk: valueAt('printk'),
    kernel: valueAt('kernel'),
    remedy: REMEDY_IDS.find((id) => id === query.get('remedy')) ?? DEFAULTS.remedy,
  }
}

/** For the query: `null` where the value is the incident's own. */
export function queryChange(
  key: keyof ConsoleState,
  value: string,
): Readonly<Record<string, string | null>> {
  return { [key]: value === DEFAULTS[key] ? null : value }
}

/** The machine without the remedy, for as long as it takes. */
export function settingOfState(state: ConsoleState): Setting {
  const setting = settingOf({
    ...INCIDENT,
    release: state.kernel,
    tasks: Number(state.tasks),
    bauds: Array.from({ length: Number(state.consoles) }, () => Number(state.baud)),
    leakers: Number(state.leakers),
    containers: Number(state.containers),
    containerLimitBytes: INCIDENT.memoryBytes * CONTAINER_SHARE,
    printk: parsePrintk(state.printk) ?? INCIDENT.printk,
  })
  return { ...setting, seconds: longEnough(setting) }
}
