/** @module Lets a command that started something end it, whatever tells the command to end. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface SignalWatch {
  readonly signal: AbortSignal
  /** The one that came. */
  readonly received: () => NodeJS.Signals | null
  readonly forget: () => void
}

/** Aborts at the first signal; a second one ends this process. */
export function abortAtSignal(): SignalWatch {
  const controller = new AbortController()
  let received: NodeJS.Signals | null = null
  const forget = (): void => {
    for (const name of SIGNALS) process.off(name, abort)
  }
  function abort(name: NodeJS.Signals): void {
    forget()
    received = name
    controller.abort()
  }
  for (const name of SIGNALS) process.on(name, abort)
  return { signal: controller.signal, received: () => received, forget }
}
