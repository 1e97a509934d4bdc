/** @module The log that is shown: one at a time, in memory, forgotten with the page. */
import { signal } from '@preact/signals'
import { formatAbsolute } from '../say/time.ts'
import { replaceQuery } from '../store/location.ts'
import { fetchOomLog } from '../store/request.ts'
import type { HostOom } from './host-ooms.ts'
import type { Progress, ReadLog, Refusal } from './read-log.ts'
import { readLog } from './read-log.ts'

/** Whose log it is: a file that a person chose, or what the agent kept of an OOM of the host. */
export type Origin = 'person' | 'host'

export type LogState =
  | { readonly kind: 'none' }
  | {
      readonly kind: 'reading'
      readonly origin: Origin
      readonly name: string
      readonly bytes: number
      readonly progress: Progress
    }
  | {
      readonly kind: 'refused'
      readonly origin: Origin
      readonly name: string
      readonly refusal: Refusal
    }
  | {
      readonly kind: 'read'
      readonly origin: Origin
      readonly log: ReadLog
      /** Wall clock at the boot that its times count from; `null`: not known. */
      readonly bootWallMs: number | null
    }

export const logState = signal<LogState>({ kind: 'none' })

/** A log that is chosen while another is read takes its place. */
let turn = 0

const NOTHING_READ: Progress = { readBytes: 0, reports: 0 }

async function read(
  blob: Blob,
  name: string,
  origin: Origin,
  bootWallMs: number | null,
  own: number,
): Promise<void> {
  const bytes = blob.size
  const show = (progress: Progress): boolean => {
    if (own !== turn) return false
    logState.value = { kind: 'reading', origin, name, bytes, progress }
    return true
  }
  show(NOTHING_READ)
  const got = await readLog(blob, name, show)
  if (got === null || own !== turn) return
  logState.value =
    'entries' in got
      ? { kind: 'read', origin, log: got, bootWallMs }
      : { kind: 'refused', origin, name, refusal: got }
}

export function openLog(blob: Blob, name: string): Promise<void> {
  // The address names an OOM of the host no longer.
  replaceQuery({ event: null })
  return read(blob, name, 'person', null, ++turn)
}

/** What the kernel's log said of an OOM of the host, and of those that followed it. */
export async function openHostOom({ fromMs, toMs, first }: HostOom): Promise<void> {
  const own = ++turn
  const name = `kernel log of this host, ${formatAbsolute(fromMs)}`
  const origin = 'host'
  logState.value = { kind: 'reading', origin, name, bytes: 0, progress: NOTHING_READ }
  const got = await fetchOomLog(fromMs, toMs)
  if (own !== turn) return
  if (got.ok && got.value !== '') {
    return read(new Blob([got.value]), name, origin, first.wallMs - first.bootMs, own)
  }
  const refusal: Refusal = got.ok
    ? {
        reason: 'the lines of this OOM are no longer kept, those of newer ones took their room',
        hint: `What is left: ${first.reason}.`,
      }
    : { reason: got.error.message, hint: '' }
  logState.value = { kind: 'refused', origin, name, refusal }
}

export function closeLog(): void {
  turn++
  logState.value = { kind: 'none' }
}
