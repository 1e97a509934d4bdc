/** @module pstore: what of the log survives a reset. It is written at a panic or oops (kernel/printk/printk.c, kmsg_dump). */
import { costOfPrinting } from '../facts.ts'
import type { Check } from '../finding.ts'
import { adviceOnly, seenIn } from '../finding.ts'
import { integerOf, textOf } from '../reading.ts'
import { onWire } from '../say.ts'

const BACKEND = '/sys/module/pstore/parameters/backend'
const BYTES = '/sys/module/pstore/parameters/kmsg_bytes'
const DISABLED = '/sys/module/efi_pstore/parameters/pstore_disable'

export const check: Check = {
  id: 'pstore',
  asks: 'Does the end of the log survive a reset?',
  looksAt: [BACKEND, BYTES, DISABLED],
  healthy: 'a backend, and kmsg_bytes above the length of an OOM report',
  find(facts) {
    const backend = textOf(facts, BACKEND)
    const bytes = integerOf(facts, BYTES)
    if (backend === null) return null
    const hasNone = backend === '' || /^\(null\)$/.test(backend)
    const report = costOfPrinting(facts)?.cost.bytes ?? null
    const isShort = bytes !== null && report !== null && bytes < report
    if (hasNone && facts.hypervisor !== null) return null
    if (!hasNone && !isShort) return null
    return {
      severity: 'note',
      title: hasNone
        ? 'Nothing of the kernel log survives a reset (no pstore backend)'
        : `pstore keeps the last ${onWire(bytes ?? 0)} of the log; an OOM report has ${onWire(report ?? 0)}`,
      what: 'pstore is written at a panic or an oops. An OOM without a panic leaves nothing in it, however large it is.',
      evidence: seenIn(facts, BACKEND, BYTES, DISABLED),
      consequence: hasNone
        ? 'After a panic nothing tells what led to it.'
        : 'With vm.panic_on_oom the beginning of the report is lost.',
      fix: adviceOnly(
        hasNone
          ? 'modprobe efi_pstore on a UEFI host; else ramoops with reserve_mem=.'
          : 'pstore.kmsg_bytes=65536 on the kernel command line; firmware may allow less.',
      ),
      givesUp: 'room in the variables of the firmware',
      undo: 'take it out again',
    }
  },
}
