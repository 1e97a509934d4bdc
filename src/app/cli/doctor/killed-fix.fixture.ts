/** @module A process that is killed between journal and change: `node killed-fix.fixture.ts ROOT fix|undo AT`. */
import { planFix } from '../../../core/console/fix/plan.ts'
import { planUndo } from '../../../core/console/fix/undo.ts'
import { beforeOf, carryOutFix, carryOutUndo } from './carry-out.ts'
import { DETACH, FREEZE, hostAt } from './fix-world.fixture.ts'

const [root = '', what, at] = process.argv.slice(2)
const host = hostAt(root)
let writes = 0
const settings: typeof host.settings = {
  read: host.settings.read,
  write(path, value) {
    if (writes++ === Number(at)) process.kill(process.pid, 'SIGKILL')
    return host.settings.write(path, value)
  },
}
const dying = { ...host, settings }
await host.store.underLock(() =>
  what === 'fix'
    ? carryOutFix(planFix([FREEZE, DETACH], beforeOf(dying)), dying)
    : carryOutUndo(planUndo([], beforeOf(dying)), dying),
)
