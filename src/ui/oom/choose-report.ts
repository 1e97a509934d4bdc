/** @module Which report of a log is shown, in which order they are listed, and which belong together. */
import type { Explanation } from '../../core/oom/explain.ts'
import type { Story } from '../../core/oom/story.ts'
import { beginStory, continueStory } from '../../core/oom/story.ts'
import type { Entry } from './read-log.ts'

export type Order = 'time' | 'worst'

export interface Storm {
  readonly story: Story
  readonly entries: readonly Entry[]
}

/** Reports that follow each other for one shortage; one alone is a storm, too. */
export function stormsOf(entries: readonly Entry[]): readonly Storm[] {
  const storms: { story: Story; entries: Entry[] }[] = []
  for (const entry of entries) {
    const last = storms.at(-1)
    const more = last === undefined ? undefined : continueStory(last.story, entry.explanation)
    if (last === undefined || more === undefined) {
      storms.push({ story: beginStory(entry.explanation), entries: [entry] })
    } else {
      last.story = more
      last.entries.push(entry)
    }
  }
  return storms
}

/** A panic takes everything, then the number of killed counts, then what they held. */
function weightOf({ report }: Explanation): readonly [number, number, number] {
  const killedKb = report.killed.reduce(
    (sum, { anonRssKb, shmemRssKb }) => sum + (anonRssKb ?? 0) + (shmemRssKb ?? 0),
    0,
  )
  return [report.panic === null ? 0 : 1, report.killed.length, killedKb]
}

export function orderEntries(entries: readonly Entry[], order: Order): readonly Entry[] {
  if (order === 'time') return entries
  const weighed = entries.map((entry) => ({ entry, weight: weightOf(entry.explanation) }))
  return weighed
    .sort(({ weight: a }, { weight: b }) => b[0] - a[0] || b[1] - a[1] || b[2] - a[2])
    .map(({ entry }) => entry)
}

export function parseOrder(params: URLSearchParams): Order {
  return params.get('order') === 'worst' ? 'worst' : 'time'
}

/** A report's place in the address: the line on which it begins stays the same whenever the log is read. */
export function hashOf({ explanation }: Entry): string {
  return `#line-${explanation.report.firstLine}`
}

/** The report that the address names, else the first. */
export function findEntry(entries: readonly Entry[], hash: string): Entry | undefined {
  return entries.find((entry) => hashOf(entry) === hash) ?? entries[0]
}

export interface LaneMark {
  /** From 0 to 1 of the axis. */
  readonly at: number
  readonly entry: Entry
  /** Kills that fall together here. */
  readonly kills: number
}

export interface Lane {
  readonly name: string
  readonly kills: number
  readonly marks: readonly LaneMark[]
}

export interface Axis {
  readonly unit: 'seconds' | 'lines'
  readonly from: number
  readonly to: number
}

const MAX_LANES = 6
/** Marks nearer than this part of the axis are one. */
const STEPS = 120

/** By the clock where every report has a time, else by the lines of the log. */
export function axisOf(entries: readonly Entry[]): Axis {
  const times = entries.map(({ explanation }) => explanation.report.uptimeSec)
  const isTimed = times.every((time) => time !== null)
  const at = entries.map(({ explanation: { report } }) =>
    isTimed ? (report.uptimeSec ?? 0) : report.firstLine,
  )
  return {
    unit: isTimed ? 'seconds' : 'lines',
    from: at.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY),
    to: at.reduce((most, each) => Math.max(most, each), Number.NEGATIVE_INFINITY),
  }
}

/** Kills by name, those with the most first; the names beyond the sixth together. */
export function lanesOf(entries: readonly Entry[], axis: Axis): readonly Lane[] {
  const names = new Map<string, number>()
  for (const { explanation } of entries) {
    for (const { comm } of explanation.report.killed) names.set(comm, (names.get(comm) ?? 0) + 1)
  }
  const ranked = [...names].sort(([, a], [, b]) => b - a).map(([name]) => name)
  const own = ranked.slice(0, ranked.length > MAX_LANES ? MAX_LANES - 1 : MAX_LANES)
  const others = 'others'
  const lanes = new Map<string, Map<number, { at: number; entry: Entry; kills: number }>>()
  for (const entry of entries) {
    const { uptimeSec, firstLine, killed } = entry.explanation.report
    const value = axis.unit === 'seconds' ? (uptimeSec ?? axis.from) : firstLine
    const at = axis.to === axis.from ? 0.5 : (value - axis.from) / (axis.to - axis.from)
    for (const { comm } of killed) {
      const name = own.includes(comm) ? comm : others
      const marks = lanes.get(name) ?? new Map()
      lanes.set(name, marks)
      const step = Math.round(at * STEPS)
      const mark = marks.get(step)
      if (mark === undefined) marks.set(step, { at: step / STEPS, entry, kills: 1 })
      else mark.kills++
    }
  }
  return [...own, others].flatMap((name) => {
    const marks = lanes.get(name)
    if (marks === undefined) return []
    const all = [...marks.values()]
    return [{ name, marks: all, kills: all.reduce((sum, { kills }) => sum + kills, 0) }]
  })
}
