/** @module The time that a line's stamps tell, in the words of the log: no year or zone is made up. */

const CLOCK = String.raw`\d{1,2}:\d\d:\d\d(?:[.,]\d+)?`
const STAMPS = new RegExp(
  [
    // ISO 8601 and what resembles it.
    String.raw`\d{4}[-/]\d\d[-/]\d\d[T ]${CLOCK}(?:Z|[+-]\d\d:?\d\d)?`,
    // Of dmesg -T, `date` and syslog, in any language: a day of the week, the date in either order, the time, a year.
    String.raw`(?:\p{L}{2,4}\.?,? +)?(?:\p{L}{3,9}\.? +\d{1,2}|\d{1,2}\.? +\p{L}{3,9}\.?) +(?:\d{4} +)?${CLOCK}(?: +\d{4}\b)?`,
    // Android's logcat.
    String.raw`\d\d-\d\d +${CLOCK}`,
  ].join('|'),
  'u',
)

/** @param stamp what was taken off a line; `null` where it tells no time of day */
export function clockTextOf(stamp: string): string | null {
  return stamp.includes(':') ? (STAMPS.exec(stamp)?.[0] ?? null) : null
}
