/** @module The web process' log: JSON lines on stderr, with the codes that docs and people look for. */
import { destination, pino } from 'pino'

export interface WebLog {
  info(code: string, message: string): void
  warn(code: string, message: string): void
  /** An error that nobody expected, with its stack. */
  bug(error: unknown): void
}

export function createWebLog(): WebLog {
  // Synchronous, so that the last line before an end is written too.
  const log = pino(
    {
      base: { process: 'web' },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      messageKey: 'message',
      formatters: { level: (level) => ({ level }) },
    },
    destination({ dest: 2, sync: true }),
  )
  return {
    info: (code, message) => log.info({ code }, message),
    warn: (code, message) => log.warn({ code }, message),
    bug: (error) => {
      const stack = error instanceof Error ? error.stack : undefined
      log.error({ code: 'PLM_INTERNAL', stack }, String(error))
    },
  }
}
