/** @module This host's consoles and what an OOM would print there, asked for when the page is opened. */
import { signal } from '@preact/signals'
import type { HostFigures } from '../../core/console/model/choose.ts'
import { figuresFrom } from '../../core/console/model/document.ts'
import type { Doubt } from '../../core/console/model/host-figures.ts'
import { fetchConsole } from './request.ts'

export type ConsoleHost =
  | { readonly kind: 'asked' }
  | { readonly kind: 'failed'; readonly reason: string }
  | {
      readonly kind: 'read'
      readonly figures: HostFigures
      readonly doubts: readonly Doubt[]
      readonly readWallMs: number
    }

export const consoleHost = signal<ConsoleHost>({ kind: 'asked' })

/** What was read before stays until there is an answer, so that nothing flickers. */
export async function askForConsoleHost(): Promise<void> {
  const answer = await fetchConsole()
  if (answer.ok) {
    const { doubts, readWallMs } = answer.value
    consoleHost.value = { kind: 'read', figures: figuresFrom(answer.value), doubts, readWallMs }
  } else if (consoleHost.value.kind !== 'read') {
    consoleHost.value = { kind: 'failed', reason: answer.error.message }
  }
}
