/** @module Every scenario on a real kernel: what it printed and what a bystander felt are as it says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Kernel, KernelVersion } from '../../lab/archive/kernels.ts'
import type { Guest } from '../../lab/machine/guest.ts'
import { SCENARIOS } from '../../lab/scenarios/catalogue.ts'
import { findFaults } from '../../lab/scenarios/check.ts'
import { play } from './play.ts'

/** Small and fast, since most of a scene is who asks and who dies. */
const SETTING = { tasks: 30, baud: 115_200, memoryMib: 256, sysctls: {} } as const

/** Here the wait is the point: four seconds of a whole report, beside what a check allows. */
const SLOW_BAUD = 19_200
const ON_SLOW_LINE: readonly string[] = ['incident', 'no-task-dump', 'quiet-console']

/** Played on the older and the newer kernel too, whose reports have another shape. */
const EVERYWHERE: readonly string[] = ['incident', 'cgroup-limit', 'cgroup-group', 'tmpfs']
const ELSEWHERE: readonly KernelVersion[] = ['5.10', '6.12']

for (const scenario of SCENARIOS) {
  const { name, summary, notOn = [], ooms } = scenario
  const versions: readonly KernelVersion[] = ['6.1', ...ELSEWHERE]
  for (const version of versions) {
    if (notOn.includes(version)) continue
    if (version !== '6.1' && !EVERYWHERE.includes(name)) continue
    test(`${version}: ${name}: ${summary}`, async (t) => {
      const baud = ON_SLOW_LINE.includes(name) ? SLOW_BAUD : SETTING.baud
      const ending = ooms.some(({ kind }) => kind === 'panic') ? 'gone' : 'played'
      const faultsOfOne = async (): Promise<readonly string[]> => {
        let guest: Guest | undefined
        const describe = (kernel: Kernel): Guest => {
          guest = scenario.guest({ ...SETTING, baud, kernel })
          return guest
        }
        const run = await play(t, version, describe, undefined, ending)
        return run === null || guest === undefined ? [] : findFaults(scenario, guest, run)
      }
      const faults = await faultsOfOne()
      if (faults.length === 0) return
      // Whether a bystander needs memory just then is luck: what fails has to hold when it is played again.
      t.diagnostic(`played once more: ${faults.join('; ')}`)
      assert.deepEqual(await faultsOfOne(), [])
    })
  }
}
