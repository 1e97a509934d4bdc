/** @module kdump: a crash kernel that is reserved but not loaded keeps memory for nothing. */
import type { Check } from '../finding.ts'
import { adviceOnly, seenIn } from '../finding.ts'
import { isKdumpLoaded, isKdumpReserved, KDUMP_LOADED } from '../kdump.ts'

export const check: Check = {
  id: 'kdump',
  asks: 'Would a panic leave a dump?',
  looksAt: [KDUMP_LOADED, '/sys/kernel/kexec_crash_size', '/proc/cmdline'],
  healthy: 'crashkernel= on the command line, and 1 in kexec_crash_loaded',
  find(facts) {
    const isLoaded = isKdumpLoaded(facts)
    if (isLoaded !== false || facts.given === null) return null
    const isReserved = isKdumpReserved(facts)
    // A guest's memory can be dumped from outside.
    if (!isReserved && facts.hypervisor !== null) return null
    return {
      severity: isReserved ? 'medium' : 'note',
      title: isReserved
        ? 'Memory is reserved for a crash kernel, but none is loaded'
        : 'A panic leaves no dump: there is no crash kernel',
      what: 'kdump starts a second kernel after a panic, which writes the memory of the first to disk.',
      evidence: seenIn(facts, KDUMP_LOADED, '/sys/kernel/kexec_crash_size'),
      consequence: 'What led to a panic is lost, but for what reached the console.',
      fix: adviceOnly(
        isReserved
          ? 'systemctl status kdump-tools (or kdump): is there room for the dump, and is the reserve large enough?'
          : 'Install kdump-tools and add crashkernel=512M to the kernel command line. A slow console slows the dump too.',
      ),
      givesUp: 'the memory that is reserved',
      undo: 'take crashkernel= out again',
    }
  },
}
