/** @module vm.min_free_kbytes: what is kept for those that cannot wait, drivers above all (mm/page_alloc.c). */
import type { Check } from '../finding.ts'
import { seenIn, sysctlFix, sysctlOf } from '../finding.ts'
import { meminfoKb } from '../reading.ts'

const NAME = 'vm.min_free_kbytes'
const PATH = '/proc/sys/vm/min_free_kbytes'
/** Below this the kernel itself breaks (Documentation/admin-guide/sysctl/vm.rst). */
const LEAST_KB = 1024
/** Of memory: above it an OOM comes early. */
const MOST = 0.05
const LARGE_KB = 64 * 1024 * 1024
const CAP_KB = 1024 * 1024

export const check: Check = {
  id: 'min-free-kbytes',
  asks: 'Is a reserve kept for network and disk drivers?',
  looksAt: [PATH, '/proc/meminfo'],
  healthy: 'as the kernel sets it; 0.5 % of memory, at most 1 GiB, from 64 GiB on',
  find(facts) {
    const kb = sysctlOf(facts, NAME)
    const totalKb = meminfoKb(facts, 'MemTotal')
    if (kb === null || totalKb === null) return null
    const wanted = Math.min(CAP_KB, Math.round(totalKb * 0.005))
    const isLow = kb < LEAST_KB && totalKb > 256 * 1024
    const isHigh = kb > totalKb * MOST && kb > 64 * 1024
    const isSmall = totalKb >= LARGE_KB && kb < wanted / 2
    if (!(isLow || isHigh || isSmall)) return null
    return {
      severity: isLow || isHigh ? 'medium' : 'note',
      title: isHigh
        ? `${Math.round((kb / totalKb) * 100)} % of memory is kept free and used by nobody`
        : `${kb < 1024 ? `${kb} KiB` : `${Math.round(kb / 1024)} MiB`} are kept free for drivers, of ${Math.round(totalKb / 1024 / 1024)} GiB`,
      what: 'Drivers and netconsole take memory that they cannot wait for; the reserve is for them.',
      evidence: seenIn(facts, PATH),
      consequence: isHigh
        ? 'An OOM comes while that much is still free.'
        : 'Packets are dropped when memory is short, those of netconsole too.',
      fix: sysctlFix(
        NAME,
        isHigh || totalKb < LARGE_KB
          ? Math.max(LEAST_KB * 4, Math.round(Math.sqrt(totalKb * 16)))
          : wanted,
      ),
      givesUp: 'that much memory for programs',
      undo: `sysctl -w ${NAME}=${kb}`,
    }
  },
}
