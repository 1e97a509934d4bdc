/** @module What stood on a port, line by line, with the time at which each had wholly arrived. Pure. */

export interface ConsoleLine {
  /** Milliseconds since the machine was started. */
  readonly atMs: number
  readonly text: string
  /** Bytes on the wire, carriage return and line feed included. */
  readonly wireBytes: number
}

/** Lines longer than this are cut in two: a kernel record has at most 1 KiB. */
const MAX_LINE = 8192

export interface ConsoleReader {
  /** Adds bytes that had arrived by `atMs`; returns the lines that they completed. */
  push(atMs: number, bytes: Uint8Array): readonly ConsoleLine[]
  /** What has no line end yet. */
  rest(): string
}

/** @param encoding a console's bytes need not be text, and each is one character then */
export function createConsoleReader(
  maxLine = MAX_LINE,
  encoding: 'latin1' | 'utf8' = 'latin1',
): ConsoleReader {
  let pending: Uint8Array[] = []
  let length = 0
  const take = (): string => {
    const text = Buffer.concat(pending).toString(encoding)
    pending = []
    length = 0
    return text.replace(/\r?\n?$/, '')
  }
  return {
    push(atMs, bytes) {
      const lines: ConsoleLine[] = []
      let from = 0
      while (from < bytes.length) {
        const end = bytes.indexOf(0x0a, from)
        const to = end < 0 ? bytes.length : end + 1
        pending.push(bytes.slice(from, to))
        length += to - from
        from = to
        if (end < 0 && length < maxLine) break
        const wireBytes = length
        lines.push({ atMs, text: take(), wireBytes })
      }
      return lines
    },
    rest: () => Buffer.concat(pending).toString(encoding),
  }
}
