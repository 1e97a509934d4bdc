/**
 * @module Throws damaged logs at the reader of OOM reports for as long as it is told, and stops where it
 * throws or takes longer than any log may: `npm run fuzz:explain -- [--minutes N] [--seed N] [DIR...]`.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { explainReport } from '../../src/core/oom/explain.ts'
import { readReports } from '../../src/core/oom/read.ts'
import { createRng } from '../traces/kit/rng.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
  },
})

/** A log of at most 64 KiB: far more than this for one means that something is not linear. */
const TOO_LONG_MS = 5000
const MAX_BYTES = 65_536

const directories =
  positionals.length > 0 ? positionals : ['lab/scenarios/logs', '../shared/oomlogs']
const seeds = directories
  .filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true)
  .flatMap((path) => readdirSync(path).map((name) => join(path, name)))
  .filter((path) => /\.(?:log|console|kmsg)$/.test(path))
  .map((path) => readFileSync(path, 'latin1'))
if (seeds.length === 0) {
  console.error(`no logs in ${directories.join(', ')}`)
  process.exit(2)
}

const random = createRng('explain', Number(values.seed))
const below = (n: number): number => Math.floor(random() * n)
const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T

type Mutation = (text: string) => string

/** A run of the text repeated often: what regular expressions choke on. */
const repeat: Mutation = (text) => {
  const at = below(text.length)
  const run = text.slice(at, at + 1 + below(20))
  return text.slice(0, at) + run.repeat(1 + below(2000)) + text.slice(at)
}
const flip: Mutation = (text) => {
  const at = below(text.length)
  return text.slice(0, at) + String.fromCharCode(below(256)) + text.slice(at + 1)
}
const cut: Mutation = (text) => text.slice(0, below(text.length))
const drop: Mutation = (text) => {
  const at = below(text.length)
  return text.slice(0, at) + text.slice(at + below(500))
}
const join2: Mutation = (text) => {
  const other = pick(seeds)
  const at = below(other.length)
  return text.slice(0, below(text.length)) + other.slice(at, at + below(20_000))
}
const unbreak: Mutation = (text) => text.replaceAll('\n', () => (random() < 0.3 ? ' ' : '\n'))
const shuffle: Mutation = (text) => {
  const lines = text.split('\n')
  for (let i = 0; i < 20; i++) {
    const a = below(lines.length)
    const b = below(lines.length)
    const held = lines[a] as string
    lines[a] = lines[b] as string
    lines[b] = held
  }
  return lines.join('\n')
}

const MUTATIONS: readonly Mutation[] = [repeat, flip, cut, drop, join2, unbreak, shuffle]

const endMs = Date.now() + Number(values.minutes) * 60_000
let runs = 0
let reports = 0
let longestMs = 0
while (Date.now() < endMs) {
  const whole = pick(seeds)
  const from = below(Math.max(1, whole.length - MAX_BYTES))
  let text = whole.slice(from, from + MAX_BYTES)
  for (let i = below(6); i >= 0; i--)
    text = pick(MUTATIONS)(text === '' ? ' ' : text).slice(0, 2 * MAX_BYTES)
  const startMs = performance.now()
  try {
    for (const report of readReports(text)) {
      explainReport(report)
      reports++
    }
  } catch (error) {
    console.error(
      `run ${runs} with seed ${values.seed} threw on:\n${JSON.stringify(text.slice(0, 2000))}`,
    )
    throw error
  }
  const tookMs = performance.now() - startMs
  if (tookMs > longestMs) longestMs = tookMs
  if (tookMs > TOO_LONG_MS)
    throw new Error(`run ${runs} with seed ${values.seed} took ${tookMs} ms`)
  runs++
}
console.log(`${runs} logs, ${reports} reports, longest ${longestMs.toFixed(0)} ms: nothing thrown`)
