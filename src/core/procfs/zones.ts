/** @module /proc/zoneinfo: the nodes' zones that hold pages, with their watermarks (mm/vmstat.c). */
import type { ReportNode, ReportZone } from '../console/records.ts'

const ZONE = /^Node (\d+), zone +(\S+)$/
const FIELD = /^ +(?:pages )?(free|min|low|high|present|managed|protection:?) +\(?(.*?)\)?$/
/** Hosts have a few; a file of more lines than this is none. */
const MAX_LINES = 200_000

interface Draft {
  readonly node: number
  readonly name: string
  readonly fields: Map<string, string>
}

function numberOf({ fields }: Draft, name: string): number {
  const value = Number(fields.get(name))
  return Number.isFinite(value) ? value : 0
}

function toZone(draft: Draft): ReportZone {
  return {
    name: draft.name,
    presentPages: numberOf(draft, 'present'),
    managedPages: numberOf(draft, 'managed'),
    minPages: numberOf(draft, 'min'),
    lowPages: numberOf(draft, 'low'),
    highPages: numberOf(draft, 'high'),
    reservePages: (draft.fields.get('protection:') ?? '')
      .split(', ')
      .map(Number)
      .filter(Number.isFinite),
  }
}

/** Populated zones by node; empty zones are in no report. */
export function parseZones(text: string): readonly ReportNode[] {
  const drafts: Draft[] = []
  for (const line of text.split('\n', MAX_LINES)) {
    const zone = ZONE.exec(line)
    if (zone !== null) {
      drafts.push({ node: Number(zone[1]), name: zone[2] as string, fields: new Map() })
      continue
    }
    const field = FIELD.exec(line)
    const draft = drafts.at(-1)
    // The first of a name counts: what follows is per CPU.
    if (field !== null && draft !== undefined && !draft.fields.has(field[1] as string)) {
      draft.fields.set(field[1] as string, field[2] as string)
    }
  }
  const ids = [...new Set(drafts.map((draft) => draft.node))]
  return ids.map((id) => ({
    id,
    zones: drafts
      .filter((draft) => draft.node === id)
      .map(toZone)
      .filter((zone) => zone.managedPages > 0),
  }))
}
