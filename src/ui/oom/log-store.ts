/** @module The log that is shown: one at a time, in memory, forgotten with the page. */
import { signal } from '@preact/signals'
import type { Progress, ReadLog, Refusal } from './read-log.ts'
import { readLog } from './read-log.ts'

export type LogState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'reading'
      readonly name: string
      readonly bytes: number
      readonly progress: Progress
    }
  | { readonly kind: 'refused'; readonly name: string; readonly refusal: Refusal }
  | { readonly kind: 'read'; readonly log: ReadLog }

export const logState = signal<LogState>({ kind: 'none' })

/** A log that is chosen while another is read takes its place. */
let turn = 0

export async function openLog(blob: Blob, name: string): Promise<void> {
  const own = ++turn
  const bytes = blob.size
  const show = (progress: Progress): boolean => {
    if (own !== turn) return false
    logState.value = { kind: 'reading', name, bytes, progress }
    return true
  }
  show({ readBytes: 0, reports: 0 })
  const got = await readLog(blob, name, show)
  if (got === null || own !== turn) return
  logState.value =
    'entries' in got ? { kind: 'read', log: got } : { kind: 'refused', name, refusal: got }
}

export function closeLog(): void {
  turn++
  logState.value = { kind: 'none' }
}
