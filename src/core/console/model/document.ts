/**
 * @module A host's figures on their way from the agent to the dashboard's model. Of the report it has
 * sums alone: they are all that the model needs, and no process is named.
 */
import type { LineLevel, ReportLine, ReportPart } from '../records.ts'
import type { HostFigures } from './choose.ts'
import type { Doubt } from './host-figures.ts'

/** Lines of one part and level together. */
export interface PackedLines {
  readonly part: ReportPart
  readonly level: LineLevel
  readonly lines: number
  /** Of all of them, without stamps and line ends. */
  readonly chars: number
}

/** Answer of GET /api/v1/console. */
export interface ConsoleDocument {
  readonly schema: 'plimsoll.console/1'
  /** When the host was read: an answer may be some time old. */
  readonly readWallMs: number
  readonly figures: Omit<HostFigures, 'report'>
  /** With the task table; `null`: not known. */
  readonly report: readonly PackedLines[] | null
  readonly doubts: readonly Doubt[]
}

export function packReport(report: readonly ReportLine[]): readonly PackedLines[] {
  const packed = new Map<string, PackedLines>()
  for (const { part, level, text } of report) {
    const key = `${part} ${level}`
    const { lines, chars } = packed.get(key) ?? { lines: 0, chars: 0 }
    packed.set(key, { part, level, lines: lines + 1, chars: chars + text.length })
  }
  return [...packed.values()]
}

/** Blank lines, as many and together as long as those that were packed. */
export function unpackReport(packed: readonly PackedLines[]): readonly ReportLine[] {
  return packed.flatMap(({ part, level, lines, chars }) => {
    const each = Math.floor(chars / lines)
    const last = chars - each * (lines - 1)
    return Array.from({ length: lines }, (_, at): ReportLine => {
      return { part, level, text: ' '.repeat(at === lines - 1 ? last : each) }
    })
  })
}

export function figuresFrom({ figures, report }: ConsoleDocument): HostFigures {
  return { ...figures, report: report === null ? null : unpackReport(report) }
}
