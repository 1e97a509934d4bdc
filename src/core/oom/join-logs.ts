/** @module Several parts of the kernel's log as one: where they overlap, each record once. */

/** Of /dev/kmsg: level, number, microseconds (Documentation/ABI/testing/dev-kmsg). The number is the record's own. */
const RECORD = /^\d+,\d+,\d+,/

/** @param texts in the order of their first lines */
export function joinOomLogs(texts: readonly string[]): string {
  const seen = new Set<string>()
  const lines = texts
    .flatMap((text) => text.split('\n'))
    .filter((line) => {
      if (!RECORD.test(line)) return true
      if (seen.has(line)) return false
      seen.add(line)
      return true
    })
  return lines.join('\n')
}
