/** @module What a guest says on its event port: JSON lines. Pure. */

export interface GuestEvent {
  readonly event: string
  /** Milliseconds of the guest's uptime. */
  readonly atMs?: number
  readonly [member: string]: unknown
}

/** The event of a line, or `undefined` where a dying machine left something else there. */
export function parseGuestEvent(line: string): GuestEvent | undefined {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null) return undefined
    const { event } = value as { event?: unknown }
    return typeof event === 'string' ? (value as GuestEvent) : undefined
  } catch {
    return undefined
  }
}
