/** @module The incident: a leak, a full report on a slow console, and a machine that stands still. */
import type { OomTruth, Scenario } from './scenario.ts'
import { growUntilKilled, setScene } from './scene.ts'

const LEAKER_KILLED: OomTruth = {
  kind: 'global',
  triggers: ['leaker', 'heartbeat'],
  killed: 'leaker',
  isInnocent: false,
  culprit: 'leaker',
  cause: 'process-leak',
}

const PLAIN: Omit<Scenario, 'name' | 'summary' | 'guest'> = {
  ooms: [LEAKER_KILLED],
  doOthersWait: true,
  playSec: 12,
}

function incidentWith(sysctls: Readonly<Record<string, string>>): Scenario['guest'] {
  return (setting) => setScene(setting, growUntilKilled('leaker', 200), { sysctls })
}

export const incident: Scenario = {
  ...PLAIN,
  name: 'incident',
  summary: 'One process leaks, and the report is printed on a slow serial console.',
  guest: incidentWith({}),
}

export const noTaskDump: Scenario = {
  ...PLAIN,
  name: 'no-task-dump',
  summary: 'The incident with vm.oom_dump_tasks=0: a short report, and no task table anywhere.',
  guest: incidentWith({ 'vm.oom_dump_tasks': '0' }),
}

export const quietConsole: Scenario = {
  ...PLAIN,
  name: 'quiet-console',
  summary: 'The incident with console_loglevel 3: no wait, and nothing of it on the console.',
  guest: incidentWith({ 'kernel.printk': '3 4 1 7' }),
}
