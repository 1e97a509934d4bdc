/** @module A report that is longer than the kernel's log buffer overwrites its own head before anyone has read it. */
import { reportLines } from '../facts.ts'
import type { Check } from '../finding.ts'
import { adviceOnly } from '../finding.ts'
import { stampBytes } from '../wire.ts'

/** A record takes its text, an id of 8 bytes, and is aligned to 8 (printk_ringbuffer.c); old kernels take more. */
const RECORD_BYTES = 12
/** So many reports should fit: the first of a storm tells most. */
const REPORTS = 4

export const check: Check = {
  id: 'log-buffer',
  asks: 'Does the kernel log hold a whole OOM report, and what came before it?',
  looksAt: [
    '/dev/kmsg',
    '/proc/cmdline',
    '/boot/config-RELEASE',
    '/proc/config.gz',
    '/sys/devices/system/cpu/possible',
  ],
  healthy: `at least ${REPORTS} reports`,
  find(facts) {
    const { logBuffer, report, dumpsTasks } = facts
    if (logBuffer === null || report === null) return null
    const lines = reportLines(facts, dumpsTasks ?? true)
    const bytes = lines.reduce((sum, { text }) => sum + text.length + RECORD_BYTES, 0)
    if (bytes * REPORTS <= logBuffer.bytes) return null
    const isOver = bytes > logBuffer.bytes
    const kib = (value: number): string => `${Math.ceil(value / 1024)} KiB`
    const wanted = Math.max(1, 2 ** Math.ceil(Math.log2((bytes * REPORTS) / 2 ** 20)))
    return {
      severity: isOver ? 'high' : 'medium',
      title: isOver
        ? `An OOM report of ${kib(bytes)} overwrites its own beginning in the log of ${kib(logBuffer.bytes)}`
        : `The kernel log of ${kib(logBuffer.bytes)} holds ${Math.floor(logBuffer.bytes / bytes)} OOM reports of ${kib(bytes)}`,
      what: `The buffer is a ring. journald or rsyslog read it, but they do not run while memory is out; a line of the report takes ${stampBytes(facts.stamp) + 100} bytes or so, and there is one for each process.`,
      evidence: [
        { path: logBuffer.from, value: `${logBuffer.bytes} bytes` },
        { path: '/proc', value: `${facts.tasks?.length ?? 0} processes to list` },
      ],
      consequence: isOver
        ? 'Who asked for memory, and what the memory was, is lost before anybody can read it.'
        : 'In a storm of OOMs the first report, which tells most, is overwritten.',
      fix: adviceOnly(
        `Add log_buf_len=${wanted}M to the kernel command line, and reboot.${isOver ? ' Until then vm.oom_dump_tasks=0 keeps what is not the table.' : ''}`,
      ),
      givesUp: `${wanted} MiB of memory`,
      undo: 'take it out again',
    }
  },
}
