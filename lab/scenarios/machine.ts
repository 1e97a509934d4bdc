/** @module What the whole machine is like: swap that fills up, a panic in place of a kill, a kill by hand. */
import type { Scenario } from './scenario.ts'
import { growUntilKilled, setScene, startInnocent } from './scene.ts'

const SWAP_MIB = 96

export const swapFull: Scenario = {
  name: 'swap-full',
  summary:
    'A process leaks until compressed swap is full too; the machine is slow before it stands still.',
  guest: (setting) =>
    setScene(setting, growUntilKilled('leaker', 200), {
      // 6.1 asks modprobe for the compressor, and there is none (drivers/block/zram/zcomp.c).
      modules: ['lzo', 'lzo_rle', 'zram'],
      zramMib: SWAP_MIB,
    }),
  ooms: [
    {
      kind: 'global',
      triggers: ['leaker', 'heartbeat'],
      killed: 'leaker',
      isInnocent: false,
      culprit: 'leaker',
      cause: 'process-leak',
      isSwapFull: true,
    },
  ],
  doOthersWait: true,
  playSec: 30,
}

export const panic: Scenario = {
  name: 'panic',
  summary: 'With vm.panic_on_oom=1 the report comes first, and then the machine is gone.',
  guest: (setting) =>
    setScene(setting, growUntilKilled('leaker', 200), { sysctls: { 'vm.panic_on_oom': '1' } }),
  ooms: [
    {
      kind: 'panic',
      triggers: ['leaker', 'heartbeat'],
      killed: null,
      isInnocent: false,
      culprit: 'leaker',
      cause: 'process-leak',
    },
  ],
  doOthersWait: true,
  playSec: 12,
}

export const sysrq: Scenario = {
  name: 'sysrq',
  summary: 'Somebody asks for a kill by hand, with SysRq f, while there is memory enough.',
  guest: (setting) =>
    setScene(setting, [...startInnocent, 'echo f > /proc/sysrq-trigger', 'wait $innocent']),
  ooms: [
    {
      kind: 'sysrq',
      // The work of a worker thread (drivers/tty/sysrq.c, moom_callback).
      triggers: ['kworker/*'],
      killed: 'innocent',
      isInnocent: true,
      culprit: null,
      cause: 'manual',
    },
  ],
  doOthersWait: false,
  playSec: 10,
}
