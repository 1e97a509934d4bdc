/**
 * @module Scores the detector on the practice lives and on those that it was once scored on, by family:
 * `npm run practice -- [--set practice|seen] [--half choose|check] [--family NAME] [--seeds N] [--misses]`.
 * They are what it is tuned on; what it is worth is measured elsewhere, on lives that it never saw.
 */
import { parseArgs } from 'node:util'
import { ERRORS, PlimsollError } from '../../../src/base/errors.ts'
import { DAY_SEC } from '../../../src/base/units.ts'
import type { Detection } from '../../../src/core/leak/records.ts'
import { detectTrace } from '../../../src/core/leak/replay.ts'
import type { LabelledTrace, TraceFamily } from '../labelled.ts'
import { SEEN_FAMILIES } from '../seen/families.ts'
import { HARMLESS } from './harmless.ts'
import { LEAKS } from './leaks.ts'

interface Sum {
  lives: number
  /** Lives with any false alarm, taken back or not. */
  disturbed: number
  found: number
  falseAlarms: number
  processDays: number
  used: number[]
  rateErrors: number[]
  rateHeld: number
}

function createSum(): Sum {
  return {
    lives: 0,
    disturbed: 0,
    found: 0,
    falseAlarms: 0,
    processDays: 0,
    used: [],
    rateErrors: [],
    rateHeld: 0,
  }
}

function levelAt({ trace }: LabelledTrace, tSec: number): number {
  const index = trace.tSec.findLastIndex((t) => t <= tSec)
  const at = (column: Float64Array): number => column[index] as number
  return at(trace.rssAnonBytes) + at(trace.rssShmemBytes) + (at(trace.swapBytes) || 0)
}

function score(sum: Sum, life: LabelledTrace, got: Detection): string | undefined {
  const { trace, truth, spec } = life
  const lastSec = trace.tSec.at(-1) as number
  sum.lives++
  sum.processDays += lastSec / DAY_SEC
  const early = got.alarmsSec.filter(
    (t) => !truth.leaking || t < (truth.onsetSec as number) || t !== got.detectedAtSec,
  )
  sum.falseAlarms += early.length
  if (early.length > 0) sum.disturbed++
  const said = got.alarmsSec.map((t) => (t / lastSec).toFixed(2)).join(' ')
  if (!got.leaking) {
    if (!truth.leaking && early.length === 0) return undefined
    const used = (levelAt(life, lastSec) - levelAt(life, 0)) / spec.headroomBytes
    const now = truth.leaking ? 'missed' : 'taken back'
    return `${now}: at the end ${got.reason}, used ${used.toFixed(2)}; alarms at ${said}`
  }
  sum.found++
  const at = got.detectedAtSec as number
  const used = (levelAt(life, at) - levelAt(life, 0)) / spec.headroomBytes
  if (!truth.leaking) return `false: ${got.reason}, used ${used.toFixed(2)}; alarms at ${said}`
  sum.used.push(used)
  const rate = truth.rateBytesPerSec as number
  sum.rateErrors.push(Math.abs((got.rateBytesPerSec as number) / rate - 1))
  if ((got.rateLow as number) <= rate && rate <= (got.rateHigh as number)) sum.rateHeld++
  return early.length === 0 ? undefined : `taken back before the last: alarms at ${said}`
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

function line(name: string, sum: Sum): string {
  const share = (sum.found / sum.lives).toFixed(2)
  const used = median(sum.used).toFixed(2)
  const rate = median(sum.rateErrors).toFixed(2)
  const held = (sum.rateHeld / sum.rateErrors.length).toFixed(2)
  const tail = sum.used.length === 0 ? '' : ` used ${used} rate error ${rate} held ${held}`
  return `${name.padEnd(24)} alarmed ${share} false alarms ${sum.falseAlarms}${tail}`
}

function join(into: Sum, sum: Sum): void {
  into.lives += sum.lives
  into.disturbed += sum.disturbed
  into.found += sum.found
  into.falseAlarms += sum.falseAlarms
  into.processDays += sum.processDays
  into.used.push(...sum.used)
  into.rateErrors.push(...sum.rateErrors)
  into.rateHeld += sum.rateHeld
}

const SETS: ReadonlyMap<string, readonly TraceFamily[]> = new Map([
  ['practice', [...HARMLESS, ...LEAKS]],
  ['seen', SEEN_FAMILIES],
])

const { values: options } = parseArgs({
  options: {
    set: { type: 'string' },
    half: { type: 'string' },
    family: { type: 'string' },
    seeds: { type: 'string', default: '12' },
    first: { type: 'string', default: '1' },
    misses: { type: 'boolean', default: false },
  },
})

function isInHalf(index: number): boolean {
  if (options.half === 'choose') return index % 2 === 0
  if (options.half === 'check') return index % 2 === 1
  return true
}

/** Each half has every other one of the harmless families, and of the leaks. */
function wantedOf(families: readonly TraceFamily[]): TraceFamily[] {
  const harmless = families.filter(({ leaking }) => !leaking)
  const leaks = families.filter(({ leaking }) => leaking)
  return [harmless, leaks].flatMap((kind) =>
    kind.filter(
      ({ name }, index) =>
        isInHalf(index) && (options.family === undefined || name === options.family),
    ),
  )
}

interface Sums {
  readonly harmless: Sum
  readonly leaks: Sum
}

function scoreFamily(family: TraceFamily, first: number, seeds: number): Sum {
  const sum = createSum()
  const misses: string[] = []
  for (let seed = first; seed < first + seeds; seed++) {
    const life = family.make(seed)
    const miss = score(sum, life, detectTrace(life.trace, life.spec))
    const { everySec, spanSec } = { everySec: life.spec.sampleSec, spanSec: life.trace.tSec.at(-1) }
    if (miss !== undefined) {
      misses.push(`    seed ${seed} (${spanSec?.toFixed(0)} s by ${everySec} s) ${miss}`)
    }
  }
  console.log(line(family.name, sum))
  if (options.misses) for (const miss of misses) console.log(miss)
  return sum
}

function summarize({ harmless, leaks }: Sums): string {
  const precision = leaks.found / (leaks.found + harmless.found)
  const recall = leaks.found / leaks.lives
  const strict = leaks.found / (leaks.found + harmless.disturbed)
  const falseAlarms = harmless.falseAlarms + leaks.falseAlarms
  const processDays = harmless.processDays + leaks.processDays
  return [
    `precision ${precision.toFixed(3)} recall ${recall.toFixed(3)}`,
    `precision with alarms taken back ${strict.toFixed(3)}`,
    `F1 ${((2 * precision * recall) / (precision + recall)).toFixed(3)}`,
    `false alarms ${falseAlarms} in ${processDays.toFixed(0)} process-days:`,
    `${((1000 * falseAlarms) / processDays).toFixed(1)} per 1000`,
    `median share used ${median(leaks.used).toFixed(2)}`,
    `median rate error ${median(leaks.rateErrors).toFixed(3)}`,
    `interval held ${(leaks.rateHeld / leaks.rateErrors.length).toFixed(2)}`,
  ].join('\n')
}

function main(): void {
  const names = options.set === undefined ? [...SETS.keys()] : [options.set]
  const all: Sums = { harmless: createSum(), leaks: createSum() }
  for (const name of names) {
    const families = SETS.get(name)
    if (families === undefined) {
      throw new PlimsollError('PLM_USAGE', `--set: expected practice or seen, got ${name}`)
    }
    const sums: Sums = { harmless: createSum(), leaks: createSum() }
    for (const family of wantedOf(families)) {
      const sum = scoreFamily(family, Number(options.first), Number(options.seeds))
      join(family.leaking ? sums.leaks : sums.harmless, sum)
    }
    console.log(`\n${name}\n${summarize(sums)}\n`)
    join(all.harmless, sums.harmless)
    join(all.leaks, sums.leaks)
  }
  if (names.length > 1) console.log(`all\n${summarize(all)}`)
}

try {
  main()
} catch (error) {
  if (!(error instanceof PlimsollError)) throw error
  console.error(error.message)
  process.exitCode = ERRORS[error.code].exit
}
