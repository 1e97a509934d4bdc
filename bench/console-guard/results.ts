/** @module The figures of many rounds: a file with a line for each, and a table of them. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { table } from '../detect/markdown.ts'
import type { Felt } from './felt.ts'
import { longestOf } from './felt.ts'
import type { Handling, Scene } from './guest.ts'
import { TASKS } from './guest.ts'

export interface Result {
  readonly version: string
  readonly scene: Scene
  readonly handling: Handling
  /** `null`: the guest did not play it to its end. */
  readonly felt: Felt | null
}

/** What a bystander may feel, and how soon the console is as its owner has it again. */
export const MOST_STALL_MS = 300
export const MOST_LOUD_MS = 1000

export interface ResultFile {
  read(): readonly Result[]
  append(results: readonly Result[]): void
}

/** @param isResumed what is there stays, and counts */
export function openResults(path: string, isResumed: boolean): ResultFile {
  mkdirSync(dirname(path), { recursive: true })
  if (!isResumed) rmSync(path, { force: true })
  return {
    read: () =>
      existsSync(path)
        ? readFileSync(path, 'utf8')
            .split('\n')
            .filter((line) => line !== '')
            .map((line) => JSON.parse(line) as Result)
        : [],
    append: (results) =>
      appendFileSync(path, results.map((result) => `${JSON.stringify(result)}\n`).join('')),
  }
}

export function isSame(a: Omit<Result, 'felt'>, b: Omit<Result, 'felt'>): boolean {
  return a.version === b.version && a.scene === b.scene && a.handling === b.handling
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): string =>
    String(Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0))
  return sorted.length === 0 ? '' : `${at(0.5)} / ${at(0.9)} / ${at(1)}`
}

/** A group's report has a row for each of its own processes: its leaker and its bystander. */
const ROWS: Readonly<Record<Scene, number>> = { host: TASKS, groups: 2 }

function isWhole({ rows, reports }: Felt, scene: Scene): boolean {
  return reports > 0 && rows.every((count) => count >= ROWS[scene])
}

/** Median, nine tenths and the most, of so many rounds. */
function cells(results: readonly Result[]): readonly string[] {
  const [first] = results
  const felts = results.flatMap(({ felt }) => (felt === null ? [] : [felt]))
  const of = (is: (felt: Felt) => boolean): string =>
    `${felts.filter(is).length} of ${felts.length}`
  const loud = felts.flatMap(({ loudAfterMs }) => (loudAfterMs === null ? [] : [loudAfterMs]))
  const isSilent = first?.handling === 'silent'
  const failed = results.length - felts.length
  return [
    `${first?.version}, ${first?.scene}, ${first?.handling}`,
    `${felts.length}${failed > 0 ? ` (${failed} failed)` : ''}`,
    spread(felts.map(longestOf)),
    of((felt) => longestOf(felt) < MOST_STALL_MS),
    spread(felts.map(({ reportMs }) => reportMs)),
    of(({ reportMs }) => reportMs < MOST_STALL_MS),
    spread(felts.map(({ wireBytes }) => wireBytes)).split(' / ')[0] ?? '',
    isSilent ? '' : of(({ headers, kills, reports }) => headers >= reports && kills >= reports),
    of((felt) => isWhole(felt, first?.scene ?? 'host')),
    isSilent ? '' : spread(loud),
    isSilent || loud.length === 0
      ? ''
      : `${loud.filter((ms) => ms <= MOST_LOUD_MS).length} of ${loud.length}`,
  ]
}

const HEAD = [
  'kernel, scene, console',
  'rounds',
  'longest stall, ms',
  `< ${MOST_STALL_MS}`,
  'of them during a report, ms',
  `< ${MOST_STALL_MS}`,
  'bytes',
  'header and kill line',
  'whole in dmesg',
  'as found after, ms',
  `<= ${MOST_LOUD_MS}`,
]

export function renderTable(results: readonly Result[]): string {
  const kinds = results.filter(
    (result, index) => results.findIndex((other) => isSame(other, result)) === index,
  )
  return table(
    HEAD,
    kinds.map((kind) => cells(results.filter((result) => isSame(result, kind)))),
  )
}

/** What a round with the guard must be like. */
export function isMet({ felt, scene }: Result): boolean {
  return (
    felt !== null &&
    longestOf(felt) < MOST_STALL_MS &&
    felt.headers >= felt.reports &&
    felt.kills >= felt.reports &&
    isWhole(felt, scene) &&
    (felt.loudAfterMs ?? 0) <= MOST_LOUD_MS
  )
}
