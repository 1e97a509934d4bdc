/** @module A host of made-up processes with a monitor over it, a second older at each tick. */
import type { SubjectId, SubjectRow } from '../../core/wire/records.ts'
import { openProcTree, PAGE, type ProcTree } from '../../linux/proc-tree.fixture.ts'
import { openSampler } from '../../linux/sampler.ts'
import { MONITOR_DEFAULTS, type Monitor, openMonitor, type Tick } from './monitor.ts'
import type { Happening } from './verdict-events.ts'

export interface Host extends Disposable {
  readonly tree: ProcTree
  readonly monitor: Monitor
  /** One second later. */
  tick(): Tick
  /** Everything that was told since the beginning. */
  readonly happenings: Happening[]
  /** Every subject that is there, as a reader has it who took up each change. */
  readonly rows: Map<SubjectId, SubjectRow>
}

export function openHost(maxSeries = 64): Host {
  const tree = openProcTree()
  const { procRoot, sysRoot } = tree
  const sampler = openSampler({ procRoot, sysRoot, filesRoot: procRoot, pageSize: PAGE, maxFds: 0 })
  const monitor = openMonitor(sampler, { ...MONITOR_DEFAULTS, maxSeries })
  const happenings: Happening[] = []
  const rows = new Map<SubjectId, SubjectRow>()
  let bootMs = 1_000_000
  return {
    tree,
    monitor,
    happenings,
    rows,
    tick() {
      bootMs += 1000
      const tick = monitor.tick(bootMs, bootMs)
      if (tick === undefined) throw new Error('meminfo is not there')
      for (const id of tick.gone) rows.delete(id)
      for (const row of tick.rows) rows.set(row.id, row)
      happenings.push(...tick.happenings)
      return tick
    },
    [Symbol.dispose]() {
      sampler.close()
      tree[Symbol.dispose]()
    },
  }
}
