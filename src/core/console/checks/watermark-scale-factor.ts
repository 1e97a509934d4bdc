/** @module vm.watermark_scale_factor: how far before the end kswapd begins (mm/page_alloc.c, __setup_per_zone_wmarks). */
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix, sysctlOf } from '../finding.ts'
import { meminfoKb } from '../reading.ts'

const NAME = 'vm.watermark_scale_factor'
const PATH = '/proc/sys/vm/watermark_scale_factor'
/** Of 10,000: the kernel's default is a thousandth of memory. */
const LEAST = 50
const WANTED = 100
/** Where a thousandth of memory is filled within a moment. */
const FROM_KB = 16 * 1024 * 1024

export const check: Check = {
  id: 'watermark-scale-factor',
  asks: 'Does reclaim begin early enough to be done in the background?',
  looksAt: [PATH, '/proc/meminfo'],
  healthy: `${LEAST} or more from 16 GiB of memory on`,
  find(facts) {
    const factor = sysctlOf(facts, NAME)
    const totalKb = meminfoKb(facts, 'MemTotal')
    if (factor === null || totalKb === null || totalKb < FROM_KB || factor >= LEAST) return null
    return {
      severity: 'note',
      title: `Background reclaim has ${factor / 100} % of memory for its work (vm.watermark_scale_factor)`,
      what: 'The smaller the distance, the sooner a burst has processes reclaim by themselves.',
      evidence: seenIn(facts, PATH),
      consequence: 'A fast leak meets reclaim and OOM at once, with no warning by pressure.',
      fix: sysctlFix(NAME, WANTED),
      givesUp: `about ${WANTED / 100} % of memory, which is kept free`,
      undo: `sysctl -w ${NAME}=${factor}`,
    }
  },
}
